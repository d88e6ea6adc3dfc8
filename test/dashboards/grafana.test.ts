import { expect, test } from "vitest";
import { z } from "zod";
import { grafanaFiles, staleGrafanaFiles } from "../../dashboards/grafana/generate.ts";
import { expandQuestion, panelSql } from "../../dashboards/grafana/sql.ts";
import { grafanaUnit } from "../../dashboards/grafana/units.ts";
import { overview } from "../../dashboards/overview.ts";
import { questionNames, questions } from "../../store/questions.ts";

const grafanaTarget = z.object({
  refId: z.literal("A"),
  datasource: z.object({ type: z.literal("grafana-clickhouse-datasource"), uid: z.literal("plumbline-clickhouse") }),
  editorType: z.literal("sql"),
  format: z.union([z.literal(0), z.literal(1)]),
  rawSql: z.string(),
});
const grafanaPanel = z.object({
  id: z.int(),
  type: z.string(),
  title: z.string(),
  description: z.string().optional(),
  gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  targets: z.array(grafanaTarget).optional(),
  fieldConfig: z
    .object({ defaults: z.looseObject({ unit: z.string().optional() }), overrides: z.array(z.unknown()) })
    .optional(),
});
const grafanaDashboard = z.object({
  uid: z.string().max(40),
  title: z.string(),
  tags: z.array(z.string()).min(1),
  schemaVersion: z.int().min(39),
  panels: z.array(grafanaPanel),
  templating: z.object({
    list: z.array(
      z.looseObject({
        name: z.string(),
        type: z.literal("query"),
        multi: z.literal(true),
        includeAll: z.literal(true),
      }),
    ),
  }),
});

const dashboards = grafanaFiles().map(({ text }) => grafanaDashboard.parse(JSON.parse(text)));
const [dashboard] = dashboards;
const panels = dashboard?.panels.filter(({ type }) => type !== "row") ?? [];
const placed = overview.rows.flatMap(({ panels: row }) => row);

test("the committed dashboards are what the panels say now", () => {
  expect(staleGrafanaFiles()).toEqual([]);
});

test("every dashboard and every panel in it has an id of its own", () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
  for (const { panels: all } of dashboards) expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

test("Grafana has the console's panels, in the console's order and rows", () => {
  expect(dashboard?.panels.map(({ title }) => title)).toEqual(
    overview.rows.flatMap(({ title, panels: row }) => [title, ...row.map(({ panel }) => panel.title)]),
  );
  expect(panels.map(({ type, description, gridPos }) => [type, description, gridPos.w, gridPos.h])).toEqual(
    placed.map(({ panel, width, height }) => [panel.kind, panel.description, width, height]),
  );
});

test("every panel has its unit, on the field or on the columns of a table", () => {
  for (const [index, { panel }] of placed.entries()) {
    const { defaults, overrides } = panels[index]?.fieldConfig ?? { defaults: {}, overrides: [] };
    if (panel.kind === "stat") expect(defaults.unit).toBe(grafanaUnit(panel.value.unit));
    if (panel.kind === "timeseries") expect(defaults.unit).toBe(grafanaUnit(panel.values[0]?.unit ?? "none"));
    if (panel.kind !== "table") continue;
    for (const { title, unit } of panel.values) {
      expect(JSON.stringify(overrides), title).toContain(JSON.stringify({ id: "unit", value: grafanaUnit(unit) }));
    }
  }
});

test("panels stand beside and below each other, never on each other", () => {
  const cells = (dashboard?.panels ?? []).flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...(dashboard?.panels ?? []).map(({ gridPos: { x, w } }) => x + w))).toBe(24);
});

test("no query has a native parameter or a marker left", () => {
  const queries = [
    ...panels.flatMap(({ targets }) => targets?.map(({ rawSql }) => rawSql) ?? []),
    JSON.stringify(dashboard?.templating),
  ];
  expect(queries.length).toBe(placed.length + 1);
  for (const query of queries) expect(query).not.toMatch(/\{\s*\w+\s*:\s*[A-Z]|1 \/\* where/);
});

test.each(questionNames)("%s heeds a variable for each of its dimensions that has one", (name) => {
  const filters = overview.filters.map(({ dimension }) => dimension);
  const sql = expandQuestion(name, filters);
  for (const filter of filters)
    expect(sql.includes(`\${${filter}:singlequote}`), filter).toBe(questions[name].dimensions.includes(filter));
});

test("variables take their values from a question that has them as a column", () => {
  expect(dashboard?.templating.list.map(({ name }) => name)).toEqual(
    overview.filters.map(({ dimension }) => dimension),
  );
  for (const { dimension, question } of overview.filters) {
    expect(questions[question].columns.map((column) => column.name)).toContain(dimension);
  }
});

test("a variable asks for no interval, which Grafana has only for panels", () => {
  expect(JSON.stringify(dashboard?.templating)).not.toContain("$__interval");
});

test("nano-dollars reach Grafana as dollars", () => {
  const money = placed.map(({ panel }) => panel).filter((panel) => panel.question === "cost");
  expect(money.length).toBeGreaterThan(0);
  for (const panel of money) expect(panelSql(panel, [])).toMatch(/^SELECT .* \/ 1e9 AS /);
});
