import type { QuestionName } from "../../store/questions.ts";
import { questions } from "../../store/questions.ts";
import type { Panel, PanelValue } from "../panel.ts";

/** What Grafana puts in place of a variable when all its values are chosen; no name of a route or model contains it. */
export const allValue = "'*'";

const macros: readonly (readonly [RegExp, string])[] = [
  [/\{\s*from\s*:\s*DateTime64\(3\)\s*\}/g, "$__fromTime"],
  [/\{\s*to\s*:\s*DateTime64\(3\)\s*\}/g, "$__toTime"],
  [/\{\s*step\s*:\s*UInt32\s*\}/g, "$__interval_s"],
];

const whereMarker = /\b1 \/\* where \*\//g;

const conditionOn = (dimension: string): string => {
  const chosen = `(\${${dimension}:singlequote})`;
  return `(${allValue} IN ${chosen} OR ${dimension} IN ${chosen})`;
};

/**
 * The SQL of a question for Grafana: native parameters become macros of the ClickHouse data source, and the marker of the
 * WHERE clause becomes one condition for each of `filters` that is a dimension of the question.
 */
export const expandQuestion = (name: QuestionName, filters: readonly string[]): string => {
  const { sql, dimensions } = questions[name];
  const conditions = filters.filter((filter) => dimensions.includes(filter)).map(conditionOn);
  const where = conditions.length === 0 ? "1" : conditions.join(" AND ");
  const expanded = macros.reduce((text, [parameter, macro]) => text.replaceAll(parameter, () => macro), sql);
  return expanded.replaceAll(whereMarker, () => where).trim();
};

const identifier = (name: string): string => `\`${name.replaceAll("`", "")}\``;

/** Grafana knows dollars and no nano-dollars. */
const selected = ({ column, title, unit }: PanelValue): string =>
  `${identifier(column)}${unit === "nanodollars" ? " / 1e9" : ""} AS ${identifier(title)}`;

/** The SQL of a panel: its columns of its question, under the titles a reader sees. */
export const panelSql = (panel: Panel, filters: readonly string[]): string => {
  const inner = `FROM (\n${expandQuestion(panel.question, filters)}\n)`;
  switch (panel.kind) {
    case "stat":
      return `SELECT ${selected(panel.value)}\n${inner}`;
    case "timeseries": {
      const series = panel.series.map(identifier);
      const columns = [`${identifier(panel.time)} AS \`time\``, ...series, ...panel.values.map(selected)];
      return `SELECT ${columns.join(", ")}\n${inner}\nORDER BY \`time\``;
    }
    case "table": {
      const labels = panel.labels.map(({ column, title }) => `${identifier(column)} AS ${identifier(title)}`);
      return `SELECT ${[...labels, ...panel.values.map(selected)].join(", ")}\n${inner}`;
    }
  }
};
