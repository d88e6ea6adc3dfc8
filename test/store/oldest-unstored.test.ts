import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Call } from "../../core/call.ts";
import type { ReceivedReport } from "../../store/store.ts";
import { batchOf, callAt, mondayMs } from "./batches.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";
import { countOf, reportAt } from "./reports.ts";

const engine = await makeEngine();
let opened: OpenedStore;

beforeAll(async () => {
  opened = await engine.open("oldest");
  await opened.store.migrate();
});

afterAll(async () => {
  await opened.close();
  await engine.remove();
});

/** The question lists 100 gateways, and each run has its own. */
beforeEach(async () => {
  for (const table of ["calls", "stored_1m", "gateway_reports", "gateway_census"]) {
    await opened.command(`TRUNCATE TABLE ${table}`);
  }
});

interface Life {
  /** Seconds from one finished call to the next; minutes begin at multiples of 60 seconds. */
  readonly gaps: readonly number[];
  /** Which calls are stored; calls behind the end of the list are not. */
  readonly stored: readonly boolean[];
  /** Which reports, one every two seconds, reached the bus; those behind the end of the list did. */
  readonly lost: readonly boolean[];
}

const endS = 300;

const life = fc.record({
  gaps: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 }),
  stored: fc.array(fc.boolean(), { maxLength: 40 }),
  lost: fc.array(fc.boolean(), { maxLength: 60 }),
});

/** When each call finished, in seconds; each takes no time. */
const finishesOf = ({ gaps }: Life): readonly number[] =>
  gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0)).filter((at) => at < endS);

const reportsOf = (gatewayId: string, each: Life): readonly ReceivedReport[] =>
  Array.from({ length: endS / 2 }, (_, index) => index * 2 + 1)
    .filter((_, index) => each.lost[index] !== true)
    .map((atS) => {
      const finished = finishesOf(each).filter((finish) => finish < atS);
      const minutes = [...new Set(finished.map((finish) => Math.floor(finish / 60)))];
      const counts = minutes.map((minute) => {
        const ofMinute = finished.filter((finish) => Math.floor(finish / 60) === minute);
        return countOf(ofMinute.length, { minute: mondayMs / 1_000 + minute * 60, lastS: ofMinute.at(-1) ?? 0 });
      });
      return reportAt(atS, { gatewayId, finished: finished.length, counts });
    });

const storedOf = (gatewayId: string, each: Life): readonly Call[] =>
  finishesOf(each).flatMap((finish, index) =>
    each.stored[index] === true
      ? [callAt(index, { gatewayId, startedAtNs: BigInt((mondayMs + finish * 1_000) * 1e6), durationMs: 0 })]
      : [],
  );

/** What the store tells of lives, each of a gateway of its own. */
const ageOf = async (lives: readonly Life[], run: number): Promise<readonly (number | null)[]> => {
  const id = (index: number): string => `run-${run}-${String(index).padStart(3, "0")}`;
  await opened.store.saveReports(lives.flatMap((each, index) => reportsOf(id(index), each)));
  const calls = lives.flatMap((each, index) => storedOf(id(index), each));
  const batch = batchOf(
    calls.map((call, index) => ({ ...call, source: { ...call.source, offset: run * 1e6 + index } })),
  );
  await opened.store.append(calls.length === 0 ? { ...batch, start: 0, end: 1 } : batch, { delivery: "first" });
  const range = { fromMs: mondayMs, toMs: mondayMs + endS * 1_000, stepSeconds: 60, where: {} };
  const rows = await opened.store.ask("gateways", range);
  const ages = new Map(rows.map(({ gateway, oldest_unstored_s }) => [gateway, oldest_unstored_s]));
  return lives.map((_, index) => {
    const age = ages.get(id(index));
    return typeof age === "number" ? age : null;
  });
};

const truthOf = (each: Life): number | null => {
  const oldest = finishesOf(each).find((_, index) => each.stored[index] !== true);
  return oldest === undefined ? null : endS - oldest;
};

it("is never told older than it is, whichever calls are missing and whichever reports were lost", async () => {
  const lives = fc.sample(life, 90);
  const told = await ageOf(lives, 1);
  for (const [index, each] of lives.entries()) {
    const truth = truthOf(each);
    const context = JSON.stringify(each);
    expect(told[index] ?? 0, context).toBeLessThanOrEqual(truth ?? 0);
  }
  expect(told.filter((age) => age !== null).length).toBeGreaterThan(60);
}, 60_000);

it("is told too young by no more than the time between two reports where calls are stored in their order", async () => {
  const lives = fc.sample(life, 90).map((each) => ({
    ...each,
    lost: [],
    stored: each.stored.slice(0, each.gaps.length - 1).map(() => true),
  }));
  const told = await ageOf(lives, 2);
  for (const [index, each] of lives.entries()) {
    const truth = truthOf(each);
    expect((truth ?? 0) - (told[index] ?? 0), JSON.stringify(each)).toBeLessThanOrEqual(2);
  }
}, 60_000);
