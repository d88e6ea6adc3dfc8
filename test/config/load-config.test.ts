import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { formatProblems, parseConfig, readConfig } from "../../config/load-config.ts";
import { secret } from "../../config/secret.ts";
import { PlumblineError } from "../../core/errors.ts";

const schema = z.strictObject({
  gateway: z
    .strictObject({
      port: z.int().min(1).max(65_535).default(8080),
      key: secret().optional(),
      targets: z.array(z.strictObject({ weight: z.number().positive() })).default([]),
    })
    .prefault({}),
  bus: z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("embedded") })]).prefault({ kind: "embedded" }),
});

const parse = (text: string, environment: Record<string, string> = {}) =>
  parseConfig({ schema, file: "plumbline.yaml", text, environment });

const problemsOf = (text: string, environment: Record<string, string> = {}): readonly string[] => {
  const result = parse(text, environment);
  return result.ok ? [] : formatProblems(result.problems).split("\n");
};

describe("parseConfig", () => {
  test("an empty file equals the defaults", () => {
    const defaults = { ok: true, config: { gateway: { port: 8080, targets: [] }, bus: { kind: "embedded" } } };
    expect(parse("")).toEqual(defaults);
    expect(parse("# only a comment\n")).toEqual(defaults);
    expect(parse("{}")).toEqual(defaults);
  });

  test("five mistakes are named at once, each with its line and path", () => {
    const text = [
      "gateway:",
      "  port: 99999",
      "  key: ${MISSING}",
      "  colour: red",
      "  targets:",
      "    - weight: 1",
      "    - weight: ${HOME}",
      "bus:",
      "  kind: pigeon",
    ].join("\n");
    expect(problemsOf(text, { HOME: "/home/somebody" })).toEqual([
      "plumbline.yaml:2 gateway.port: Too big: expected number to be <=65535",
      "plumbline.yaml:3 gateway.key: environment variable MISSING is not set",
      "plumbline.yaml:4 gateway.colour: unknown setting",
      "plumbline.yaml:7 gateway.targets[1].weight: ${VAR} may stand only for secrets; write the value itself",
      expect.stringMatching(/^plumbline\.yaml:9 bus\.kind: /),
    ]);
  });

  test("a secret comes from the environment, or is written out", () => {
    const config = (text: string) => {
      const result = parse(text, { OPENAI_API_KEY: "sk-test" });
      return result.ok ? result.config.gateway.key : result.problems;
    };
    expect(config("gateway:\n  key: ${OPENAI_API_KEY}")).toBe("sk-test");
    expect(config("gateway:\n  key: written")).toBe("written");
  });

  test("a secret is neither a number nor empty", () => {
    expect(problemsOf("gateway:\n  key: 12")).toEqual([
      "plumbline.yaml:2 gateway.key: expected a non-empty text or ${VAR}",
    ]);
    expect(problemsOf("gateway:\n  key: ${EMPTY}", { EMPTY: "" })).toEqual([
      "plumbline.yaml:2 gateway.key: environment variable EMPTY is not set",
    ]);
  });

  test("broken YAML and repeated keys are named with their lines", () => {
    expect(problemsOf("gateway:\n  port: 1\n  port: 2")).toEqual([
      expect.stringMatching(/^plumbline\.yaml:3 .*unique/),
    ]);
    expect(problemsOf("gateway: [").length).toBeGreaterThan(0);
  });

  test("the value is frozen to its leaves", () => {
    const result = parse("gateway:\n  targets:\n    - weight: 1");
    expect(result.ok && Object.isFrozen(result.config.gateway.targets[0])).toBe(true);
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof parse(text).ok).toBe("boolean");
      }),
      { numRuns: 300 },
    );
  });
});

describe("readConfig", () => {
  test("a file that is not there is an error with a code and a cause", () => {
    const read = () => readConfig({ schema, file: "/nowhere/plumbline.yaml", environment: {} });
    expect(read).toThrow(PlumblineError);
    expect(read).toThrow(expect.objectContaining({ code: "config.unreadable", cause: expect.any(Error) }));
  });
});
