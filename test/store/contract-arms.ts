import { describe, expect, it } from "vitest";
import type { ArmTally } from "../../core/arms.ts";
import { startLagMs } from "../../core/arms.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import { factAt } from "./feedback.ts";
import type { OpenedStore } from "./open-engine.ts";

/** What every store must do for those who compare the targets of a route. */
export const describeArms = (opened: () => OpenedStore): void => {
  describe("the targets of a route", () => {
    it("are told apart by what came of the calls that were stored in a span of time", async () => {
      const { store } = opened();
      const failed = {
        outcome: "stalled",
        measures: {},
        costNanos: 5n,
        ttftMs: null,
        usage: { ...callAt(0).usage, outputTokens: null },
      } as const;
      const calls = [
        callAt(0, { measures: { "answer_refusal_score@1": 0.9, "answer_refusal_class@1=full": 1 } }),
        callAt(1, { measures: { "answer_refusal_score@1": 0, "answer_schema_valid@1": 0, "answer_code_parses@1": 0 } }),
        callAt(2, failed),
        callAt(3, { variant: "b", outcome: "rate_limited", isFallback: true, costNanos: null, measures: {} }),
      ];
      await store.append(batchOf(calls), { delivery: "first" });
      const [stored] = await store.query(
        "SELECT toUnixTimestamp64Milli(min(ingested_at)) AS first, toUnixTimestamp64Milli(max(ingested_at)) AS last FROM calls",
      );
      const first = Number(stored?.["first"]);
      const last = Number(stored?.["last"]);
      const arms = await store.readArms({ fromMs: first, toMs: last + 1 });
      const once = (value: number): ReadonlyMap<number, number> => new Map([[binOf(value), 1]]);
      const twice = (value: number): ReadonlyMap<number, number> => new Map([[binOf(value), 2]]);
      expect(arms.map(({ variant, embedded }) => [variant, embedded?.count, embedded?.sum.length])).toEqual([
        ["b", 1, 4],
        ["openai/gpt-4o", 3, 4],
      ]);
      expect(arms.map((arm) => ({ ...arm, embedded: undefined }))).toEqual([
        {
          ...{ route: "chat", variant: "b", calls: 1, answers: 0, errors: 0, rateLimited: 1, fallbacks: 1 },
          ...{ started: 0, measured: 0, refusals: 0, malformed: 0, rated: 0, badRated: 0 },
          ttftMs: once(250.5),
          durationMs: new Map(),
          outputTokens: new Map(),
          answerCostNanos: new Map(),
          otherCostNanos: new Map(),
        },
        {
          ...{ route: "chat", variant: "openai/gpt-4o", calls: 3, answers: 2, errors: 1, rateLimited: 0, fallbacks: 0 },
          ...{ started: 0, measured: 2, refusals: 1, malformed: 1, rated: 0, badRated: 0 },
          ttftMs: twice(250.5),
          durationMs: twice(1_000.25),
          outputTokens: twice(50),
          answerCostNanos: twice(1_234_567),
          otherCostNanos: once(5),
        },
      ]);
      const started = await store.readArms({
        fromMs: mondayMs + startLagMs + 1_000,
        toMs: mondayMs + startLagMs + 3_000,
      });
      expect(
        started.map(({ variant, calls: stored, started: begun, ttftMs }) => [variant, stored, begun, ttftMs.size]),
      ).toEqual([["openai/gpt-4o", 0, 2, 0]]);
      expect(await store.readArms({ fromMs: last + 1, toMs: last + 60_000 })).toEqual([]);
      expect(await store.readArms({ fromMs: first - 60_000, toMs: first })).toEqual([]);
    });

    it("are not compared by calls that were sent a second time, nor by what was said of those whose trace they share", async () => {
      const { store } = opened();
      const startedAtNs = BigInt(mondayMs + 2 * 86_400_000) * 1_000_000n;
      const { traceId } = callAt(0);
      const shadow = { variant: "b", routeReason: "shadow", startedAtNs, traceId, outcome: "timeout" } as const;
      const calls = [callAt(0, { startedAtNs }), callAt(1, shadow), callAt(2, { ...shadow, userHash: "u2" })];
      await store.append(batchOf(calls), { delivery: "first" });
      await store.saveFeedback([factAt(0, { callId: undefined, traceId, value: -1 })]);
      const span = { fromMs: mondayMs, toMs: Date.UTC(2100, 0, 1) };
      const arms = await store.readArms(span);
      const started = await store.readArms({
        fromMs: mondayMs + 2 * 86_400_000 + startLagMs,
        toMs: mondayMs + 2 * 86_400_000 + startLagMs + 3_000,
      });
      const users = await store.readUnitArms({
        ...{ ...span, sinceMs: mondayMs, begunFromMs: mondayMs, begunUntilMs: mondayMs + 3 * 86_400_000 },
        ...{ route: "chat", unit: "user" },
      });
      const told = (each: ArmTally): unknown => [each.variant, each.calls, each.errors, each.rated];
      expect([arms.map(told), users.map(told)]).toEqual([[["openai/gpt-4o", 1, 0, 1]], [["openai/gpt-4o", 1, 0, 1]]]);
      expect(started.map(({ variant, started: begun }) => [variant, begun])).toEqual([["openai/gpt-4o", 1]]);
    });
  });
};
