import { describe, expect, it } from "vitest";
import type { Call } from "../../core/call.ts";
import { questionNames, questions } from "../../store/questions.ts";
import { renderQuestion } from "../../store/render-question.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import { eventsAt } from "./events.ts";
import { evidenceAt, findingOf } from "./evidence.ts";
import { factAt } from "./feedback.ts";
import type { OpenedStore } from "./open-engine.ts";

const wholeDay = { fromMs: mondayMs, toMs: mondayMs + 86_400_000, stepSeconds: 3_600, where: {} } as const;

/** What every question must answer. */
export const describeQuestions = (opened: () => OpenedStore): void => {
  const given = (calls: readonly Call[]): Promise<void> => opened().store.append(batchOf(calls), { delivery: "first" });

  it.each(questionNames)("answers %s with the columns that it declares", async (name) => {
    const measures = { "answer_refusal_class@1=none": 1 };
    await given([callAt(0, { measures }), callAt(1, { outcome: "timeout", costNanos: null })]);
    const evidence = evidenceAt(mondayMs);
    const findings = [findingOf(evidence)];
    await opened().store.saveConclusions({ detector: "drift@1", minuteMs: mondayMs, evidence: [evidence], findings });
    await opened().store.saveEvents(eventsAt(mondayMs));
    await opened().store.saveFeedback([factAt(0)]);
    const [row] = await opened().store.ask(name, wholeDay);
    expect(Object.keys(row ?? {})).toEqual(questions[name].columns.map((column) => column.name));
  });

  it.each(questionNames.filter((name) => questions[name].isOneRow !== true))(
    "answers %s with no row of an empty range",
    async (name) => {
      await given([callAt(0)]);
      expect(await opened().store.ask(name, { ...wholeDay, fromMs: mondayMs - 60_000, toMs: mondayMs })).toEqual([]);
    },
  );

  it("takes a call that the caller ended or a policy refused for no error", async () => {
    const outcomes = ["ok", "cache_hit", "client_abort", "blocked", "over_budget", "timeout"] as const;
    await given(outcomes.map((outcome, index) => callAt(index, { outcome })));
    const [totals] = await opened().store.ask("totals", wholeDay);
    expect(totals).toMatchObject({ calls: "6", errors: "1" });
  });

  it("takes a shadow that fails for no error of its route, target or provider, and for cost all the same", async () => {
    const errorsOf = async (name: "calls" | "errors" | "models" | "routes" | "targets" | "providers") =>
      (await opened().store.ask(name, wholeDay)).map(({ errors, error_ratio, calls }) => [calls, errors, error_ratio]);
    const shadow = { routeReason: "shadow", outcome: "timeout", costNanos: 7n } as const;
    await given([callAt(0, { costNanos: 5n }), callAt(1, shadow), callAt(2, shadow), callAt(3, shadow)]);
    expect(await opened().store.ask("totals", wholeDay)).toMatchObject([
      { calls: "4", errors: "0", error_ratio: 0, cost_nanos: "26" },
    ]);
    expect(await errorsOf("calls")).toEqual([["4", "0", 0]]);
    expect(await errorsOf("models")).toEqual([["4", "0", 0]]);
    expect(await errorsOf("errors")).toEqual([]);
    for (const name of ["routes", "targets", "providers"] as const) {
      expect(await errorsOf(name)).toEqual([["1", "0", 0]]);
    }
  });

  it.each(questionNames)("answers %s from rollups, and never from the calls themselves", async (name) => {
    const { sql } = renderQuestion(questions[name], wholeDay);
    const text = sql
      .replaceAll("{from:DateTime64(3)}", "toDateTime64('2026-01-05 00:00:00', 3, 'UTC')")
      .replaceAll("{to:DateTime64(3)}", "toDateTime64('2026-01-06 00:00:00', 3, 'UTC')")
      .replaceAll("{step:UInt32}", "3600");
    const plan = await opened().store.query(`EXPLAIN QUERY TREE ${text}`);
    const read = new Set(
      plan.flatMap((row) => /table_name: \w+\.(\w+)/.exec(Object.values(row).join())?.slice(1) ?? []),
    );
    expect(read.size).toBeGreaterThan(0);
    const byMinute = [
      "calls_1m",
      "stored_1m",
      "gateway_census",
      "gateway_reports",
      "evidence",
      "findings",
      "feedback",
      "measures_1m",
    ];
    // Events are few: what a role did, never what callers did.
    const events = ["alerts", "verdicts", "canaries", "notifications"];
    expect([...read].filter((table) => ![...byMinute, ...events].includes(table))).toEqual([]);
  });

  it("answers totals with zeros of an empty range", async () => {
    const [row] = await opened().store.ask("totals", wholeDay);
    expect(row).toMatchObject({ calls: "0", cost_nanos: "0", errors: "0" });
  });

  it("adds up calls, errors, tokens, cost and what has no price", async () => {
    await given([
      callAt(0),
      callAt(1, { outcome: "timeout", costNanos: null }),
      callAt(2, { outcome: "client_abort" }),
    ]);
    expect(await opened().store.ask("totals", wholeDay)).toMatchObject([
      {
        calls: "3",
        errors: "1",
        input_tokens: "300",
        output_tokens: "150",
        cost_nanos: "2469134",
        unpriced_calls: "1",
      },
    ]);
  });

  it("compares dimensions for equality, with any text", async () => {
    const route = 'it\'s "any" \\ text';
    await given([callAt(0), callAt(1, { route })]);
    const [row] = await opened().store.ask("totals", { ...wholeDay, where: { route, model: "gpt-4o-2024-08-06" } });
    expect(row).toMatchObject({ calls: "1" });
  });

  it("refuses a dimension that a question does not have", async () => {
    const asked = async (): Promise<unknown> => opened().store.ask("totals", { ...wholeDay, where: { "1 OR 1": "x" } });
    await expect(asked()).rejects.toMatchObject({ code: "store.bad_parameter" });
  });

  it("puts calls into buckets of the step", async () => {
    await given([callAt(0), callAt(3_599), callAt(3_600)]);
    const rows = await opened().store.ask("calls", wholeDay);
    expect(rows.map((row) => [row["time"], row["calls"]])).toEqual([
      ["2026-01-05T00:00:00Z", "2"],
      ["2026-01-05T01:00:00Z", "1"],
    ]);
  });

  describe("quantiles", () => {
    const times = Array.from({ length: 500 }, (_, index) => Math.exp(((index * 7_919) % 500) / 50) * 3.7);
    const sorted = times.toSorted((a, b) => a - b);

    it.each([
      { column: "p50_ms", level: 0.5 },
      { column: "p95_ms", level: 0.95 },
      { column: "p99_ms", level: 0.99 },
    ])("tell $column of the time to first token to within a hundredth", async ({ column, level }) => {
      await given(times.map((ttftMs, index) => callAt(index, { ttftMs })));
      const exact = sorted[Math.ceil(level * sorted.length) - 1] ?? Number.NaN;
      for (const name of ["ttft", "models"] as const) {
        const [row] = await opened().store.ask(name, { ...wholeDay, stepSeconds: 86_400 });
        expect(Math.abs(Number(row?.[column]) / exact - 1)).toBeLessThanOrEqual(0.01);
      }
    });
  });
};
