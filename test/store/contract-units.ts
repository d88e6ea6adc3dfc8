import { describe, expect, it } from "vitest";
import type { ArmTally } from "../../core/arms.ts";
import type { Call } from "../../core/call.ts";
import { seededRandom } from "../../core/random.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import { factAt } from "./feedback.ts";
import type { OpenedStore } from "./open-engine.ts";
import type { TimedCall } from "./unit-oracle.ts";
import { unitOracle } from "./unit-oracle.ts";

const minuteMs = 60_000;
const sinceMs = mondayMs + minuteMs;
const lookMs = 2 * minuteMs;
const looks = 8;

/** Calls of users of whom some change their target; each is stored up to a minute after it began, every tenth is readable late. */
const randomCalls = (): readonly TimedCall[] => {
  const random = seededRandom(7);
  const between = (from: number, to: number): number => from + Math.floor(random.uniform() * (to - from));
  const isOneOf = (n: number): boolean => between(0, n) === 0;
  return Array.from({ length: 300 }, (_, index): TimedCall => {
    const startedMs = mondayMs + between(0, looks * lookMs);
    const storedMs = startedMs + between(0, minuteMs);
    const user = Math.floor(random.uniform() ** 2 * 60);
    return {
      call: callAt(index, {
        ...{ startedAtNs: BigInt(startedMs) * 1_000_000n, variant: user % 3 === 0 && index % 4 > 0 ? "b" : "a" },
        ...{ userHash: `u${user}`, isFallback: isOneOf(5), costNanos: BigInt(between(1, 900)) },
        ...{ outcome: (["ok", "ok", "ok", "timeout"] as const)[between(0, 4)] ?? "ok", ttftMs: between(100, 900) },
        measures: isOneOf(2) ? {} : { "answer_refusal_score@1": 0.9, "answer_refusal_class@1=full": between(0, 2) },
        routeReason: ["weights", "weights", "weights", "shadow"][between(0, 4)] ?? "",
      }),
      storedMs,
      readableMs: storedMs + (isOneOf(10) ? minuteMs / 2 : 0),
    };
  });
};

/** The tallies that say something. */
const toldBy = (arms: readonly ArmTally[] = []): readonly ArmTally[] =>
  arms.filter(({ calls, started, answers, errors, fallbacks, ...arm }) => {
    const counts = [calls, started, answers, errors, fallbacks, arm.measured, arm.refusals, arm.rated];
    return [...counts, arm.ttftMs.size, arm.durationMs.size, arm.answerCostNanos.size, arm.otherCostNanos.size].some(
      (count) => count > 0,
    );
  });

/** What every store must do for those who count users and sessions look by look. */
export const describeUnits = (opened: () => OpenedStore): void => {
  /** Stores the calls that can be read from a span on, under the route that is looked at. */
  const readable = async (calls: readonly TimedCall[], span: { readonly fromMs: number; readonly toMs: number }) => {
    const now = calls.filter(({ readableMs }) => readableMs >= span.fromMs && readableMs < span.toMs);
    const times = now.map(({ call, storedMs }) => `'${call.callId}', toInt64(${storedMs})`);
    await opened().command(
      `INSERT INTO calls WITH map(${times.join(", ")}) AS stored
SELECT * REPLACE ('chat' AS route, fromUnixTimestamp64Milli(stored[c.call_id], 'UTC') AS ingested_at)
FROM calls AS c
WHERE c.route = 'later' AND mapContains(stored, c.call_id)`,
    );
  };
  const kept = async (calls: readonly Call[]): Promise<void> => {
    await opened().store.append(batchOf(calls.map((call) => ({ ...call, route: "later" }))), { delivery: "first" });
  };
  const spanOf = (look: number) => ({
    ...{ fromMs: mondayMs + look * lookMs, toMs: mondayMs + (look + 1) * lookMs },
    ...{ sinceMs, begunFromMs: sinceMs, begunUntilMs: mondayMs + 10 * minuteMs, route: "chat", unit: "user" as const },
  });

  describe("the users of a route, look by look", () => {
    it("come to what all of their calls together say, also when a look is repeated or what was taken in is lost", async () => {
      const calls = randomCalls();
      await kept(calls.map(({ call }) => call));
      const oracle = unitOracle(calls);
      const told: [readonly ArmTally[], readonly ArmTally[]][] = [];
      for (let look = 0; look < looks; look += 1) {
        const span = spanOf(look);
        await readable(calls, span);
        if (look === 6) await opened().command("TRUNCATE TABLE trial_units");
        if (look % 5 === 0) await opened().store.readUnitArms(span);
        const later = { ...span, begunFromMs: span.begunUntilMs, begunUntilMs: span.toMs };
        const [first, second] = await Promise.all([span, later].map((each) => opened().store.readUnitArms(each)));
        told.push([toldBy(first), toldBy(oracle(span))], [toldBy(second), toldBy(oracle(later))]);
      }
      expect(told.map(([found]) => found)).toEqual(told.map(([, wanted]) => wanted));
      const sum = told.flatMap(([found]) => found).reduce((total, { calls: n }) => total + n, 0);
      expect(sum).toBeGreaterThan(20);
    }, 60_000);

    it("are rated when somebody tells something, however long after their last call, and once", async () => {
      const { store } = opened();
      const call: TimedCall = { call: callAt(0), storedMs: mondayMs, readableMs: mondayMs };
      await kept([call.call]);
      await readable([call], { fromMs: mondayMs, toMs: mondayMs + 1 });
      const at = (fromMs: number) => ({
        ...spanOf(0),
        sinceMs: mondayMs,
        begunFromMs: mondayMs,
        fromMs,
        toMs: fromMs + 1,
      });
      await store.readUnitArms(at(mondayMs));
      await store.saveFeedback([factAt(0, { callId: call.call.callId, value: -1 })]);
      const [row] = await store.query("SELECT toUnixTimestamp64Milli(max(ingested_at)) AS told FROM feedback");
      const toldMs = Number(row?.["told"]);
      const seen: unknown[] = [];
      for (const fromMs of [toldMs, toldMs + 1]) {
        seen.push((await store.readUnitArms(at(fromMs))).map(({ rated, badRated, calls }) => [rated, badRated, calls]));
      }
      expect(seen).toEqual([[[1, 1, 0]], []]);
    });
  });
};
