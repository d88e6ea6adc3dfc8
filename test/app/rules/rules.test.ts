import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { goodRules } from "../../alerts/rules/good-rules.ts";

const plumbline = fileURLToPath(new URL("../../../bin/plumbline.js", import.meta.url));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-rules-cli-"));
  mkdirSync(join(dir, "own"));
  writeFileSync(join(dir, "plumbline.yaml"), "data: { dir: data }\nalerts: { rules: { dir: own } }\n");
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Runs `plumbline rules ARGS...` in a process of its own; resolves with its exit code and output. */
const rules = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [plumbline, "rules", ...args], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    return text;
  });
  const [out, err] = await Promise.all([...texts, once(child, "exit")]);
  return { code: child.exitCode, out: String(out), err: String(err) };
};

const write = (name: string, text: string): void => writeFileSync(join(dir, "own", name), text);

const scenario = (at: string): string => `scenarios:
  - name: a slow model
    series:
      - { rule: own_rule, labels: { model: m }, values: { p95_ms: "4000x20", calls: "100x20" } }
    expect:
      - { at: ${at}, firing: [{ rule: own_rule, labels: { model: m } }] }
`;

describe("plumbline rules", () => {
  test("check names every mistake with file, line and rule, and ends with 1", async () => {
    write("good.yaml", goodRules);
    expect(await rules("check", "own/good.yaml")).toEqual({ code: 0, out: "1 rule is valid\n", err: "" });
    write("bad.yaml", goodRules.replace("models", "modells").replace("window: 5m", "window: soon"));
    const { code, err } = await rules("check");
    expect(code).toBe(1);
    expect(err).toContain("2 mistakes in the alert rules:\nown/bad.yaml:3 rules[0].question of own_rule: ");
    expect(err).toContain("own/bad.yaml:5 rules[0].window of own_rule: ");
  });

  test("test runs scenarios beside rules, and ends with 1 when one goes otherwise", async () => {
    write("good.yaml", goodRules);
    write("good.scenarios.yaml", scenario("2m"));
    expect(await rules("test", "own/good.scenarios.yaml")).toEqual({
      code: 0,
      out: "ok    good.scenarios.yaml: a slow model\n1 of 1 scenarios go as they say\n",
      err: "",
    });
    write("good.scenarios.yaml", scenario("1m"));
    const { code, out } = await rules("test");
    expect(code).toBe(1);
    expect(out).toContain('at 60 s: firing expected own_rule {"model":"m"}');
    expect(out).toContain("ok    errors.scenarios.yaml: ");
    expect((await rules("test", "own/good.yaml")).code).toBe(2);
  });

  test("replay says what would have fired of what is stored", async () => {
    write("good.yaml", goodRules);
    const nothing = { firings: [], problems: [], lastLook: expect.any(String) };
    const { code, out } = await rules("replay", "own/good.yaml", "--since", "1h", "--json");
    expect([code, JSON.parse(out)]).toEqual([0, nothing]);
    expect((await rules("replay", "own/good.yaml", "--since", "10m")).out).toBe("nothing would have fired\n");
  });
});
