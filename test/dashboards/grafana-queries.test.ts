import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { panelSql } from "../../dashboards/grafana/sql.ts";
import { renderVariable } from "../../dashboards/grafana/variables.ts";
import { overview } from "../../dashboards/overview.ts";
import { openEmbeddedStore } from "../../store/clickhouse.ts";
import { storeConfig } from "../../store/config.ts";
import { questions } from "../../store/questions.ts";
import type { AnswerRow, Store } from "../../store/store.ts";
import { keptForEver } from "../store/batches.ts";
import { eventsAt } from "../store/events.ts";
import { evidenceAt, findingOf } from "../store/evidence.ts";
import { factAt } from "../store/feedback.ts";
import { sampleCall } from "./support/sample-calls.ts";

const panels = overview.rows.flatMap(({ panels: row }) => row.map(({ panel }) => panel));
const filters = overview.filters.map(({ dimension }) => dimension);

const noon = Date.UTC(2026, 0, 31, 12);
const calls = [
  { route: "chat", model: "gpt-4o", outcome: "ok", startedAtMs: noon, ttftMs: 200, costNanos: 1_500_000_001n },
  { route: "chat", model: "gpt-4o-mini", outcome: "ok", startedAtMs: noon + 60_000, ttftMs: 100, costNanos: 2n },
  { route: "batch", model: "gpt-4o", outcome: "timeout", startedAtMs: noon + 61_000, ttftMs: null, costNanos: null },
] as const;

let store: Store;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "plumbline-grafana-"));
  const config = storeConfig.parse({ kind: "embedded", retentionDays: keptForEver });
  if (config.kind !== "embedded") throw new Error("The configuration is not of an embedded store.");
  store = await openEmbeddedStore({ dir, config, clock: systemClock, ids: randomIds, log: silentLog });
  await store.migrate();
  const rows = calls.map((call, index) => sampleCall(index + 1, call));
  const range = { topic: "otlp_spans", partition: 0, start: 1, end: calls.length + 1 };
  await store.append(
    { ...range, calls: rows, attempts: [], contents: [], spans: [], embeddings: [] },
    { delivery: "first" },
  );
  const evidence = ["chat", "batch"].map((route) => evidenceAt(noon, { route, model: "gpt-4o" }));
  await store.saveConclusions({ detector: "d", minuteMs: noon, evidence, findings: evidence.map(findingOf) });
  await store.saveEvents(eventsAt(noon, "batch"));
  await store.saveFeedback([factAt(0, { at: noon })]);
}, 60_000);

afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** Does what Grafana does before it sends a query: macros of the data source, and variables in quotes. */
const expand = (sql: string, chosen: Readonly<Record<string, readonly string[]>> = {}): string =>
  sql
    .replaceAll("$__fromTime", `toDateTime(${noon / 1000 - 600})`)
    .replaceAll("$__toTime", `toDateTime(${noon / 1000 + 600})`)
    .replaceAll("$__interval_s", "60")
    .replaceAll(
      /\$\{(\w+):singlequote\}/g,
      (_, name: string) => chosen[name]?.map((value) => `'${value}'`).join(",") ?? "'*'",
    );

const answer = async (
  id: string,
  chosen: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly AnswerRow[]> => {
  const panel = panels.find((candidate) => candidate.id === id);
  if (panel === undefined) throw new Error(`There is no panel ${id}.`);
  return store.query(expand(panelSql(panel, filters), chosen));
};

test.each(panels)("the query of $id runs and has the columns that the panel shows", async (panel) => {
  const rows = await answer(panel.id);
  expect(rows.length).toBeGreaterThan(0);
  const titles = panel.kind === "stat" ? [panel.value.title] : panel.values.map(({ title }) => title);
  const labels = panel.kind === "table" ? panel.labels.map(({ title }) => title) : [];
  const keys = panel.kind === "timeseries" ? ["time", ...panel.series] : labels;
  expect(Object.keys(rows[0] ?? {})).toEqual([...keys, ...titles]);
});

test.each(panels)("the query of $id runs for one route and one model", async (panel) => {
  const rows = await answer(panel.id, { route: ["batch", "other"], model: ["gpt-4o"] });
  // Nothing was streamed on that route, so there is no time to first token either.
  expect(rows.length > 0).toBe(panel.id !== "ttft-by-model");
});

test("all routes and models are counted, and a choice of one counts its own", async () => {
  expect(await answer("calls-total")).toEqual([{ Calls: "3" }]);
  expect(await answer("calls-total", { route: ["chat"] })).toEqual([{ Calls: "2" }]);
  expect(await answer("calls-total", { route: ["chat"], model: ["gpt-4o"] })).toEqual([{ Calls: "1" }]);
  expect(await answer("calls-total", { model: ["nothing"] })).toEqual([{ Calls: "0" }]);
});

test("nano-dollars arrive as dollars", async () => {
  expect(await answer("cost-total")).toEqual([{ Cost: 1.500000003 }]);
});

test("the same panels say the same as the console's questions", async () => {
  const range = { fromMs: noon - 600_000, toMs: noon + 600_000, stepSeconds: 60 };
  for (const panel of panels.filter(({ kind }) => kind === "timeseries")) {
    const dimensions: readonly string[] = questions[panel.question].dimensions;
    const where = dimensions.includes("route") ? { route: "chat" } : {};
    const [fromConsole, fromGrafana] = [
      await store.ask(panel.question, { ...range, where }),
      await answer(panel.id, { route: ["chat"] }),
    ];
    expect(fromGrafana.length, panel.id).toBe(fromConsole.length);
    if (panel.kind !== "timeseries") continue;
    expect(fromGrafana.map((row) => row["time"])).toEqual(fromConsole.map((row) => row[panel.time]));
  }
});

test.each(overview.filters)("the variable $dimension offers the values there are", async (filter) => {
  const { query } = renderVariable(filter).build();
  const sql = typeof query === "object" ? String(query["rawSql"]) : "";
  const rows = await store.query(expand(sql));
  const expected = new Set(calls.map((call) => (filter.dimension === "route" ? call.route : call.model)));
  expect(rows.map((row) => row[filter.dimension])).toEqual([...expected].sort());
});
