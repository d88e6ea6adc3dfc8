import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRules } from "../../../alerts/rules/load-rules.ts";
import { formatProblems } from "../../../config/load-config.ts";
import { goodRules } from "./good-rules.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "plumbline-rules-"));
});

afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});

const write = async (name: string, text: string): Promise<string> => {
  const file = join(dir, name);
  await writeFile(file, text);
  return file;
};

const problemsIn = async (text: string): Promise<readonly string[]> => {
  const result = readRules([await write("wrong.yaml", text)]);
  if (result.ok) return [];
  return formatProblems(result.problems.map((problem) => ({ ...problem, file: basename(problem.file) }))).split("\n");
};

describe("a rule file", () => {
  test("gives its rules with every default", async () => {
    expect(readRules([await write("good.yaml", goodRules)])).toEqual({
      ok: true,
      rules: [
        {
          name: "own_rule",
          source: { kind: "question", question: "models", where: {} },
          by: ["model"],
          condition: {
            kind: "threshold",
            column: "p95_ms",
            op: ">",
            value: 3000,
            least: { column: "calls", count: 20 },
            window: { kind: "span", ms: 300_000 },
          },
          forMs: 120_000,
          keepFiringForMs: 300_000,
          noData: { policy: "keep_last", at_most: 600_000 },
          labels: { severity: "ticket" },
          annotations: { summary: "{{ model }} takes {{ value }}, of {{ calls }} calls" },
          action: "notify",
        },
      ],
    });
  });

  test("has all its mistakes named at once, each with line, path and rule", async () => {
    const text = [
      "rules:",
      "  - name: first_rule",
      "    question: modells",
      "    window: 5 minutes",
      "    threshold: { column: p95_ms, op: over, value: 3 }",
      "  - name: Second",
      "    question: models",
      "    by: [modell]",
      "    window: 5m",
      "    threshold: { column: p96_ms, op: '>', value: 3 }",
      "    colour: red",
    ].join("\n");
    const found = await problemsIn(text);
    expect(found.map((line) => line.split(": ")[0])).toEqual([
      "wrong.yaml:3 rules[0].question of first_rule",
      "wrong.yaml:4 rules[0].window of first_rule",
      "wrong.yaml:5 rules[0].threshold.op of first_rule",
      "wrong.yaml:6 rules[1].name of Second",
      "wrong.yaml:8 rules[1].by[0] of Second",
      "wrong.yaml:10 rules[1].threshold.column of Second",
      "wrong.yaml:11 rules[1].colour of Second",
    ]);
  });

  const rule = (...lines: readonly string[]): string =>
    ["rules:", "  - name: a_rule", ...lines.map((line) => `    ${line}`)].join("\n");
  const compared = ["window: 5m", "threshold: { column: calls, op: '>', value: 3 }"];

  test.each([
    {
      what: "two sources",
      text: rule("question: totals", "sql: SELECT 1", ...compared),
      says: "either `question` or `sql`",
    },
    { what: "no condition", text: rule("question: totals"), says: "expected either `threshold` or `burn_rate`" },
    { what: "no window", text: rule("question: totals", compared[1] ?? ""), says: "expected a `window` beside it" },
    {
      what: "a column that a question does not have",
      text: rule("question: totals", "window: 5m", "threshold: { column: p95, op: '>', value: 3 }"),
      says: ':5 rules[0].threshold.column of a_rule: "p95" is not one of calls, errors',
    },
    {
      what: "an unknown series",
      text: rule("question: models", "by: [route]", ...compared),
      says: '"route" is not one of model',
    },
    {
      what: "an unknown dimension",
      text: rule("question: models", "where: { colour: red }", ...compared),
      says: '"colour"',
    },
    {
      what: "a value as a label",
      text: rule("question: totals", ...compared, "labels: { is: '{{ value }}' }"),
      says: "labels are identity",
    },
    {
      what: "a label that is given",
      text: rule("question: totals", ...compared, "labels: { alertname: b }"),
      says: "is given by",
    },
    {
      what: "a text that names what is not there",
      text: rule("question: totals", ...compared, "annotations: { summary: '{{ modle }}' }"),
      says: '"modle" is not one of value, limit',
    },
    { what: "a statement that writes", text: rule("sql: DROP TABLE calls", ...compared), says: "Cannot execute DROP" },
    {
      what: "SQL without its window",
      text: rule("sql: SELECT count() AS calls FROM calls", ...compared),
      says: "would ignore its window",
    },
    {
      what: "a budget that cannot burn so fast",
      text: rule(
        "question: routes",
        "burn_rate: { bad: errors, all: calls, objective: 0.9, windows: [{ long: 1h, short: 5m, factor: 14.4 }] }",
      ),
      says: "rules[0].burn_rate.windows[0].factor of a_rule: no rate can burn",
    },
    {
      what: "a short window that is long",
      text: rule(
        "question: routes",
        "burn_rate: { bad: errors, all: calls, objective: 0.99, windows: [{ long: 5m, short: 1h, factor: 2 }] }",
      ),
      says: "expected a window shorter than `long`",
    },
    {
      what: "a no-data policy of its own",
      text: rule("question: totals", ...compared, "no_data: { policy: shrug }"),
      says: "no_data.policy",
    },
    {
      what: "a name that is there twice",
      text: `${rule("question: totals", ...compared)}\n${rule("question: totals", ...compared).replace("rules:\n", "")}`,
      says: '"a_rule" is there twice',
    },
    { what: "broken YAML", text: "rules: [", says: "wrong.yaml:1" },
  ])("with $what is refused", async ({ text, says }) => {
    const found = await problemsIn(text);
    expect(found.join("\n")).toContain(says);
  });
});
