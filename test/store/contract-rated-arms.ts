import { describe, expect, it } from "vitest";
import { startLagMs } from "../../core/arms.ts";
import type { Call } from "../../core/call.ts";
import { binOf } from "../../stats/histogram/bin.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import { factAt } from "./feedback.ts";
import type { OpenedStore } from "./open-engine.ts";

/** What every store must do for those who compare targets by feedback, or by users and sessions. */
export const describeRatedArms = (opened: () => OpenedStore): void => {
  const stored = async (calls: readonly Call[]): Promise<void> => {
    await opened().store.append(batchOf(calls), { delivery: "first" });
  };
  /** A span that ends after all that is stored, in milliseconds; the engine's clock tells when that was. */
  const spanOfAll = async (): Promise<{ readonly fromMs: number; readonly toMs: number }> => {
    const [row] = await opened().store.query(
      `SELECT toUnixTimestamp64Milli(min(at)) AS first, toUnixTimestamp64Milli(max(at)) AS last
FROM (SELECT ingested_at AS at FROM calls UNION ALL SELECT ingested_at AS at FROM feedback)`,
    );
    return { fromMs: Number(row?.["first"]), toMs: Number(row?.["last"]) + 1 };
  };
  const idOf = (offset: number): string => callAt(offset).callId;

  describe("feedback on the targets of a route", () => {
    it("counts a call once, as bad when any name or source says so at last, by call or trace", async () => {
      const { store } = opened();
      const at = (offset: number, more: Partial<Call> = {}): Call =>
        callAt(offset, { startedAtNs: BigInt(mondayMs + 86_400_000) * 1_000_000n, ...more });
      await stored([at(0), at(1), at(2, { variant: "b" }), at(3, { variant: "b", traceId: callAt(2).traceId }), at(4)]);
      await store.saveFeedback([
        factAt(0, { callId: idOf(0), value: -1 }),
        { ...factAt(1, { callId: idOf(0), value: 1 }), offset: 1 },
        factAt(2, { callId: idOf(1), value: 1 }),
        factAt(3, { callId: idOf(1), source: "judge", value: 0 }),
        factAt(4, { callId: undefined, traceId: callAt(2).traceId, value: 1 }),
        factAt(5, { callId: idOf(3), name: "resolved", value: 5, label: "bad" }),
        factAt(6, { callId: "e".repeat(16) }),
      ]);
      const span = await spanOfAll();
      const told = (await store.readArms(span)).map(({ variant, rated, badRated }) => [variant, rated, badRated]);
      expect(told).toEqual([
        ["b", 2, 1],
        ["openai/gpt-4o", 2, 1],
      ]);
      const later = { fromMs: span.toMs, toMs: span.toMs + 60_000 };
      expect(await store.readArms(later)).toEqual([]);
    });

    it("leaves out calls that began more than an hour before", async () => {
      const { store } = opened();
      await stored([callAt(0)]);
      await store.saveFeedback([factAt(0, { callId: idOf(0), value: -1 })]);
      expect((await store.readArms(await spanOfAll())).map(({ rated }) => rated)).toEqual([0]);
    });
  });

  describe("the users of a route", () => {
    const units = async (
      more: { readonly fromMs?: number; readonly toMs?: number; readonly begunUntilMs?: number } = {},
    ) =>
      opened().store.readUnitArms({
        ...(await spanOfAll()),
        sinceMs: mondayMs,
        begunFromMs: mondayMs,
        begunUntilMs: mondayMs + 2 * 86_400_000,
        route: "chat",
        unit: "user",
        ...more,
      });

    it("count once each, bad with any bad call, under the target of their first call", async () => {
      const { store } = opened();
      await stored([
        callAt(0, { userHash: "heavy", outcome: "timeout" }),
        callAt(1, { userHash: "heavy", outcome: "timeout" }),
        callAt(2, { userHash: "light", measures: { "answer_refusal_score@1": 0.9 } }),
        callAt(3, { userHash: "new", variant: "b", isFallback: true }),
        callAt(4, { userHash: null, outcome: "timeout" }),
        callAt(5, { userHash: "other", route: "other", outcome: "timeout" }),
      ]);
      await store.saveFeedback([
        factAt(0, { callId: idOf(0), value: -1 }),
        factAt(1, { callId: idOf(1), value: -1 }),
        factAt(2, { callId: idOf(2), value: 1 }),
      ]);
      const found = (await units()).map((arm) => [
        arm.variant,
        arm.calls,
        arm.errors,
        arm.fallbacks,
        arm.measured,
        arm.rated,
        arm.badRated,
      ]);
      expect(found).toEqual([
        ["b", 1, 0, 1, 0, 0, 0],
        ["openai/gpt-4o", 2, 1, 0, 1, 2, 1],
      ]);
    });

    it("are new only once, and calls that another target takes later are not theirs", async () => {
      await stored([callAt(0)]);
      const first = await spanOfAll();
      expect((await units(first)).map(({ variant, calls, errors }) => [variant, calls, errors])).toEqual([
        ["openai/gpt-4o", 1, 0],
      ]);
      await stored([
        callAt(1, { route: "later", outcome: "timeout" }),
        callAt(2, { route: "later", variant: "b", outcome: "timeout" }),
      ]);
      await opened().command(
        "INSERT INTO calls SELECT * REPLACE ('chat' AS route, ingested_at + 60 AS ingested_at) FROM calls AS c WHERE c.route = 'later'",
      );
      const rest = { fromMs: first.toMs, toMs: (await spanOfAll()).toMs };
      expect((await units(rest)).map(({ variant, calls, errors }) => [variant, calls, errors])).toEqual([
        ["openai/gpt-4o", 0, 1],
      ]);
    });

    it("have in histograms the mean of their first minutes, once these are over, and their price of an answer", async () => {
      await stored([
        callAt(0, { ttftMs: 100, costNanos: 100n }),
        callAt(1, { ttftMs: 300, costNanos: 200n, outcome: "timeout" }),
        callAt(2, { userHash: "u2", ttftMs: null, costNanos: 7n, outcome: "timeout" }),
      ]);
      const span = await spanOfAll();
      expect((await units(span))[0]?.ttftMs).toEqual(new Map());
      const over = { fromMs: span.fromMs + 600_000, toMs: span.toMs + 600_000 };
      const [arm] = await units(over);
      expect([arm?.calls, arm?.ttftMs, arm?.answerCostNanos, arm?.otherCostNanos]).toEqual([
        0,
        new Map([[binOf(200), 1]]),
        new Map([[binOf(300), 1]]),
        new Map([[binOf(7), 1]]),
      ]);
    });

    it("are begun by when their first call began, a while ago", async () => {
      await stored([
        callAt(86_400),
        callAt(86_401),
        callAt(86_402, { userHash: "u2", variant: "b" }),
        callAt(86_490, { userHash: "u3" }),
      ]);
      const fromMs = mondayMs + 86_400_000 + startLagMs;
      expect(await units({ fromMs, toMs: fromMs + 60_000, begunUntilMs: mondayMs })).toEqual([]);
      const begun = await units({ fromMs, toMs: fromMs + 60_000 });
      expect(begun.map(({ variant, calls, started }) => [variant, calls, started])).toEqual([
        ["b", 0, 1],
        ["openai/gpt-4o", 0, 1],
      ]);
    });
  });
};
