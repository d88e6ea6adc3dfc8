import { expect, test } from "vitest";
import { overview } from "../../dashboards/overview.ts";
import type { Panel, PanelValue } from "../../dashboards/panel.ts";
import { questionNames, questions } from "../../store/questions.ts";
import type { QuestionColumn } from "../../store/questions-column.ts";

const placed = overview.rows.flatMap(({ panels }) => panels);
const panels = placed.map(({ panel }) => panel);

const columnOf = (panel: Panel, name: string): QuestionColumn | undefined =>
  questions[panel.question].columns.find((column) => column.name === name);

const valuesOf = (panel: Panel): readonly PanelValue[] => (panel.kind === "stat" ? [panel.value] : panel.values);

test("the page has panels, each with a name of its own", () => {
  expect(panels.length).toBeGreaterThanOrEqual(10);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const name of [overview.uid, ...panels.map(({ id }) => id)]) expect(name).toMatch(/^[a-z][a-z0-9-]{1,39}$/);
});

test("every question is shown by a panel", () => {
  expect(new Set(panels.map(({ question }) => question))).toEqual(new Set(questionNames));
});

test.each(panels)("$id says in sentences what it shows", ({ title, description }) => {
  expect(title.length).toBeGreaterThan(2);
  expect(description).toMatch(/^[A-Z].{20,}\.$/);
});

test.each(panels)("$id shows columns that its question has, in their units", (panel) => {
  for (const { column, unit, title } of valuesOf(panel)) {
    expect(columnOf(panel, column), column).toMatchObject({ role: "value", unit });
    // Grafana asks the engine, which has no column that the store adds.
    expect(columnOf(panel, column)?.isJudged, column).toBeUndefined();
    expect(unit, `${column} needs a unit`).not.toBe("none");
    expect(title).not.toBe("");
  }
  if (panel.kind === "table")
    for (const { column } of panel.labels) expect(columnOf(panel, column)?.role, column).toBe("label");
});

test.each(panels.filter((panel) => panel.kind === "timeseries"))("$id is a chart of one unit over time", (panel) => {
  expect(columnOf(panel, panel.time)?.role).toBe("time");
  const labels = questions[panel.question].columns.filter(({ role }) => role === "label");
  if (panel.series.length > 0) expect(panel.series).toEqual(labels.map(({ name }) => name));
  else expect(labels).toEqual([]);
  expect(new Set(panel.values.map(({ unit }) => unit)).size).toBe(1);
  expect(panel.values.map(({ column }) => column)).toContain(panel.shown);
});

test.each(panels.filter((panel) => panel.kind === "stat"))("$id is a number of a question of one row", (panel) => {
  expect(questions[panel.question].isOneRow).toBe(true);
  if (panel.caveat !== null) expect(columnOf(panel, panel.caveat.column)?.unit).toBe("calls");
  if (panel.trend === null) return;
  const { columns } = questions[panel.trend.question];
  expect(columns.find(({ name }) => name === panel.trend?.column)?.role).toBe("value");
  expect(columns.find(({ name }) => name === panel.trend?.time)?.role).toBe("time");
});

test.each(panels.filter((panel) => panel.kind === "table"))("$id sorts by a column it shows", (panel) => {
  expect(panel.values.map(({ column }) => column)).toContain(panel.sortBy);
});

test("bounds get worse in the direction they say", () => {
  const bounds = panels.flatMap((panel) => {
    if (panel.kind === "timeseries") return [];
    return panel.kind === "stat" ? [panel.thresholds] : panel.values.map(({ thresholds }) => thresholds ?? null);
  });
  const known = bounds.filter((bound) => bound !== null);
  expect(known.length).toBeGreaterThan(0);
  for (const { badWhen, warn, bad } of known) expect(badWhen === "above" ? bad - warn : warn - bad).toBeGreaterThan(0);
});

test("every row of the page fills lines of 24 columns", () => {
  for (const { title, panels: row } of overview.rows) {
    expect(row.reduce((sum, { width }) => sum + width, 0) % 24, title).toBe(0);
  }
});

test("what decides whether the page is empty is a column of a question", () => {
  const { question, column } = overview.emptyWhen;
  expect(questions[question].columns.map(({ name }) => name)).toContain(column);
});
