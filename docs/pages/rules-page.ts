import { loadRules } from "../../alerts/rules/load-rules.ts";
import type { Rule } from "../../alerts/rules/rule-schema.ts";
import { ruleFile } from "../../alerts/rules/rule-schema.ts";
import { scenarioFile } from "../../alerts/rules/scenario-schema.ts";
import { settingsOf } from "./config-page.ts";
import { code, markdownTable } from "./markdown-table.ts";

/** The reference of alert rules: those that come with Plumbline, and what a file of rules or scenarios may say. */
export const rulesPage = (): string => {
  const loaded = loadRules({ dir: null, off: [] });
  const rules = loaded.ok ? loaded.rules : [];
  return `# Alert rules

## Shipped rules

Read them in \`alerts/rules/*.yaml\`. A rule of your own with the same name takes the place of a shipped one.

${markdownTable(["rule", "severity", "asks", "compares", "for", "action"], rules.map(ruleRow))}

## A file of rules

${fieldsTable(ruleFile)}

## A file of scenarios

${fieldsTable(scenarioFile)}
`;
};

const fieldsTable = (schema: Parameters<typeof settingsOf>[0]): string =>
  markdownTable(
    ["field", "type", "default", "meaning"],
    settingsOf(schema).map(({ path, type, fallback, description }) => [code(path), type, code(fallback), description]),
  );

const ruleRow = (rule: Rule): readonly string[] => [
  code(rule.name),
  rule.labels["severity"] ?? "",
  rule.source.kind === "question" ? code(rule.source.question) : "SQL of its own",
  comparison(rule),
  `${rule.forMs / 1000} s`,
  rule.action,
];

const comparison = ({ condition }: Rule): string => {
  if (condition.kind === "burn_rate") {
    const factors = condition.windows.map(({ long, factor }) => `${factor} in ${hours(long)}`);
    return `${code(`${condition.bad} / ${condition.all}`)} burns a budget of ${percent(1 - condition.objective)}: ${factors.join(", ")}`;
  }
  const { column, share, op, value, times, versus } = condition;
  const what = share === undefined ? (column ?? "") : `${share.of} / ${share.among}`;
  const limit = times === undefined ? String(value) : `${value} × ${times}`;
  return `${code(what)} ${op} ${limit}${versus === undefined ? "" : " times as before"}`;
};

const hours = (ms: number): string => `${ms / 3_600_000} h`;

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;
