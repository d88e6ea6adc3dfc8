import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alertsConfig } from "../../../alerts/config.ts";
import { loadRules, ruleFilesIn } from "../../../alerts/rules/load-rules.ts";
import { formatProblems } from "../../../config/load-config.ts";
import { goodRules } from "./good-rules.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "plumbline-own-rules-"));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

describe("rules of one's own", () => {
  test("take the place of shipped ones of the same name, and can be switched off", async () => {
    const shipped = loadRules({ dir: null, off: [] });
    if (!shipped.ok) throw new Error(formatProblems(shipped.problems));
    const [first] = shipped.rules;
    const own = await mkdtemp(join(dir, "own-"));
    await writeFile(join(own, "a.yaml"), goodRules.replace("own_rule", first?.name ?? ""));
    const both = loadRules({ dir: own, off: [] });
    const names = both.ok ? both.rules.map(({ name }) => name) : [];
    expect(names).toHaveLength(shipped.rules.length);
    expect(both.ok && both.rules.find(({ name }) => name === first?.name)?.labels).toEqual({ severity: "ticket" });
    const fewer = loadRules({ dir: own, off: [first?.name ?? ""] });
    expect(fewer.ok && fewer.rules).toHaveLength(shipped.rules.length - 1);
  });

  test("that are switched off by a name that is not there are a mistake", () => {
    expect(loadRules({ dir: null, off: ["no_such_rule"] })).toMatchObject({
      ok: false,
      problems: [{ path: "alerts.rules.off", message: 'there is no rule "no_such_rule"' }],
    });
  });

  test("may not have one name in two files", async () => {
    const own = await mkdtemp(join(dir, "twice-"));
    await writeFile(join(own, "a.yaml"), goodRules);
    await writeFile(join(own, "b.yaml"), goodRules);
    expect(loadRules({ dir: own, off: [] })).toMatchObject({ ok: false, problems: [{ entry: "own_rule" }] });
    expect(ruleFilesIn(own)).toHaveLength(2);
  });

  test("in a folder that is not there are a mistake", () => {
    expect(() => loadRules({ dir: join(dir, "nowhere"), off: [] })).toThrow("nowhere cannot be read");
  });
});

test("an empty section of alerts is the defaults", () => {
  expect(alertsConfig.parse({})).toMatchObject({ rules: { dir: null, off: [], everySeconds: 15 } });
});
