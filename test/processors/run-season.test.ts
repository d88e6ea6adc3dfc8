import { afterAll, beforeAll, expect, test } from "vitest";
import { createBaselines } from "../../alerts/baselines/baselines.ts";
import type { MeasuredMinute } from "../../core/evidence.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import { processorsConfig } from "../../processors/config.ts";
import { seasonDetector } from "../../processors/detect-season.ts";
import { pinnedDetector } from "../../processors/run-pinned.ts";
import { SeasonWatch } from "../../processors/run-season.ts";
import { batchOf, callAt } from "../store/batches.ts";
import type { Engine, OpenedStore } from "../store/open-engine.ts";
import { makeEngine } from "../store/open-engine.ts";
import { openMemoryBus } from "../support/memory-bus.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { keptLog } from "./set-up-line.ts";

let engine: Engine;
let opened: OpenedStore;

beforeAll(async () => {
  engine = await makeEngine();
  opened = await engine.open("season");
  await opened.store.migrate();
});

afterAll(async () => {
  await opened.close();
  await engine.remove();
});

const hourMs = 3_600_000;
const nowHourMs = Math.floor(Date.now() / hourMs) * hourMs;
const clock = virtualClock(nowHourMs);
const measure = "answer_refusal_score@1";

/** An hour of 200 answers of which so many were refused, as it was saved long ago. */
const hourOf = (hoursBack: number, refused: number): MeasuredMinute => ({
  ...{ tenant: "acme", route: "chat", variant: "openai/gpt-4o", model: "gpt-4o-2024-08-06", prompt: "", measure },
  ...{ minuteMs: nowHourMs - hoursBack * hourMs, n: 200, sum: refused },
  bins: new Map([
    [0, refused],
    [-32_768, 200 - refused],
  ]),
});

let offset = 0;

/** Stores 200 calls of an hour, of which so many are refused. */
const given = async (hoursBack: number, refused: number): Promise<void> => {
  const calls = Array.from({ length: 200 }, (_, index) => {
    offset += 1;
    const startedAtNs = BigInt(nowHourMs - hoursBack * hourMs + index * 17_000) * 1_000_000n;
    return callAt(offset, { startedAtNs, measures: { [measure]: index < refused ? 1 : 0 } });
  });
  await opened.store.append(batchOf(calls), { delivery: "first" });
};

const watch = (drift: object = {}) => {
  const log = keptLog();
  const config = processorsConfig.parse({ drift: { closeSeconds: 0, ...drift } });
  const deps = { bus: openMemoryBus({ clock }), store: opened.store, clock, log: log.log, meter: silentMeter };
  const season = new SeasonWatch({ ...deps, config, version: "test" });
  return { look: () => season.look(), lines: log.lines };
};

test("an hour is held against the same hours of four weeks, told once, and gone on from what is stored", async () => {
  for (let back = 4 * 168; back > 6; back -= 1) await opened.store.saveHour([hourOf(back, 15 + (back % 11))]);
  for (const back of [6, 5]) await given(back, 20);
  for (const back of [4, 3, 2, 1]) await given(back, 60);
  const [first, second] = [watch(), watch()];
  clock.advance(-4 * hourMs);
  await first.look();
  expect(first.lines).toEqual([]);
  clock.advance(4 * hourMs);
  await second.look();
  expect(second.lines).toEqual(["warn: answers differ from the same hours of the weeks before"]);
  await watch().look();
  const range = { fromMs: nowHourMs - 24 * hourMs, toMs: nowHourMs, stepSeconds: 3_600, where: {} };
  expect(await opened.store.ask("findings", range)).toMatchObject([
    { measure, reference: "same hour of the week, 4 weeks", says: expect.stringMatching(/^answer refusal score rose/) },
  ]);
  expect(await opened.store.ask("drift", range)).toMatchObject([{ detector: seasonDetector, status: "alarm" }]);
  expect(await opened.store.query("SELECT count() AS rows, uniqExact(hour) AS hours FROM measures_1h")).toEqual([
    { rows: String(4 * 168), hours: String(4 * 168) },
  ]);
});

const at = (hoursBack: number): string => new Date(nowHourMs - hoursBack * hourMs).toISOString();

test("an hour is held against the baseline that is pinned for its route, which is never learned anew", async () => {
  for (let back = 60 * 24; back > 59 * 24; back -= 1) await opened.store.saveHour([hourOf(back, 4)]);
  clock.advance(3 * hourMs);
  for (const back of [0, -1, -2]) await given(back, 60);
  const baselines = [{ route: "chat", from: at(60 * 24), to: at(59 * 24) }];
  const pinned = watch({ baselines });
  await pinned.look();
  await watch({ baselines }).look();
  expect(pinned.lines).toEqual(["warn: answers differ from the pinned baseline"]);
  const [state] = await opened.store.readEvidence(pinnedDetector);
  expect(state).toMatchObject({ status: "alarm", reference: `the pinned baseline, ${at(60 * 24)} to ${at(59 * 24)}` });
  expect(state?.baseline.n).toBe(24 * 200);
});

test("a baseline that is pinned by command is held against without a restart, and no more once it is cleared", async () => {
  for (let back = 50 * 24; back > 49 * 24; back -= 1) await opened.store.saveHour([hourOf(back, 4)]);
  let ids = 0;
  const next = (): string => {
    ids += 1;
    return `baseline-${ids}`;
  };
  const baselines = createBaselines({ store: opened.store, clock, ids: { next }, log: silentLog, leastAnswers: 100 });
  const author = { by: "ann", reason: "looked at" };
  const running = watch();
  await running.look();
  const other = { route: "chat", tenant: "another", from: at(50 * 24), to: at(49 * 24) };
  await expect(baselines.bless(other, author)).rejects.toMatchObject({ code: "baseline.refused" });
  const { baseline } = await baselines.bless({ ...other, tenant: "acme" }, author);
  expect(baseline.answers).toBe(24 * 200);
  for (const back of [-3, -4, -5]) await given(back, 60);
  clock.advance(3 * hourMs);
  await running.look();
  expect(running.lines).toContain("warn: answers differ from the pinned baseline");
  const last = async () => (await opened.store.readEvidence(pinnedDetector))[0];
  const pinned = await last();
  expect(pinned).toMatchObject({ status: "alarm", reference: `the pinned baseline, ${at(50 * 24)} to ${at(49 * 24)}` });
  await baselines.clear(baseline.id, author);
  await given(-6, 60);
  clock.advance(hourMs);
  await running.look();
  expect(await last()).toEqual(pinned);
});
