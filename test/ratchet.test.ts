import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Exceptions } from "./architecture/count-exceptions.ts";
import { exceptionsOf, ratchetSchema } from "./architecture/count-exceptions.ts";
import { repository, sourceFiles } from "./architecture/source-files.ts";
import { readAllowedSkips } from "./reporter/skip-reporter.ts";

const recorded = ratchetSchema.parse(JSON.parse(readFileSync(join(repository, "ratchet.json"), "utf8")));
const kinds: readonly (keyof Exceptions)[] = ratchetSchema.keyof().options;
const places = sourceFiles().map(exceptionsOf);

describe("the ratchet", () => {
  test.each(kinds)("%s have not become more than ratchet.json records", (kind) => {
    const found = places.flatMap((file) => file[kind]);
    const allowed = kind === "skippedTests" ? readAllowedSkips().map((entry) => entry.test) : [];
    const all = [...found, ...allowed];
    expect(all.length, `over the record: ${all.join(", ")}`).toBeLessThanOrEqual(recorded[kind]);
  });

  test("each kind of exception is seen", () => {
    const text = [
      "const a: any = b as string;",
      "const c = d!; const e = <number>f; const g = [] as const;",
      ["//", "biome-ignore lint/x: reason"].join(" "),
      ["test", 'skip("later", () => {});'].join("."),
      "\n".repeat(200),
    ].join("\n");
    expect(exceptionsOf({ path: "a.ts", text })).toEqual({
      any: ["a.ts:1"],
      casts: ["a.ts:1", "a.ts:2", "a.ts:2"],
      lintDisables: ["a.ts:3"],
      skippedTests: ["a.ts:4"],
      filesOver200Lines: ["a.ts"],
    });
  });
});
