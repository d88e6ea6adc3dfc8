import { expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { silentMeter } from "../../core/instruments.ts";
import { silentLog } from "../../core/log.ts";
import type { CallRecorder } from "../../gateway/call-recorder.ts";
import { censusConfig } from "../../gateway/census/census-config.ts";
import { spoolConfig } from "../../gateway/telemetry/spool-config.ts";
import type { Telemetry } from "../../gateway/telemetry/telemetry.ts";
import { startTelemetry } from "../../gateway/telemetry/telemetry.ts";
import { processorsConfig } from "../../processors/config.ts";
import { startCensus } from "../../processors/start-census.ts";
import type { Trust } from "../../store/decide-trust.ts";
import { decideTrust } from "../../store/decide-trust.ts";
import type { AnswerRow } from "../../store/store.ts";
import { readHealth } from "../../store/telemetry-health.ts";
import { trustConfig } from "../../store/trust-config.ts";
import { bareEnd, bareStart } from "../gateway/telemetry/calls.ts";
import { tempFolder } from "../gateway/telemetry/temp-folder.ts";
import { setUpLine, until } from "./set-up-line.ts";

const { bus, store, start } = setUpLine();

const limits = trustConfig.parse({ graceSeconds: 0.5, freshnessSeconds: 60 });

const startGateway = (gatewayId: string): Promise<Telemetry> =>
  startTelemetry({
    dir: tempFolder(),
    bus: bus(),
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: spoolConfig.parse({ lingerMs: 0 }),
    census: censusConfig.parse({ reportMs: 100 }),
    gatewayId,
    serviceVersion: "1",
  });

const makeCalls = (recorder: CallRecorder, tenant: string, count: number): void => {
  for (let call = 0; call < count; call += 1) {
    recorder.start({ ...bareStart, tenant }).end(bareEnd);
  }
};

/** The last ten minutes, as one bucket of time. */
const range = () => {
  const toMs = Date.now();
  return { fromMs: toMs - 600_000, toMs, stepSeconds: 604_800, where: {} };
};

const completeness = async (): Promise<Readonly<Record<string, AnswerRow>>> => {
  const rows = await store().store.ask("completeness", range());
  return Object.fromEntries(rows.map((row) => [String(row["tenant"]), row]));
};

const trust = async (): Promise<Trust> => {
  const { toMs, ...rest } = range();
  const [row] = await store().store.ask("telemetry_health", { toMs, ...rest });
  return decideTrust(readHealth(row ?? {}, toMs), limits, toMs);
};

test("calls whose processors are away are missing, older and older, until trust goes; it comes back with the processors", async () => {
  const census = startCensus({
    bus: bus(),
    store: store().store,
    clock: systemClock,
    log: silentLog,
    meter: silentMeter,
    config: processorsConfig.parse({}),
    version: "test",
  });
  const gateway = await startGateway("g1");
  await until(async () => (await trust()).isTrusted);

  makeCalls(gateway.recorder, "acme", 3);
  makeCalls(gateway.recorder, "globex", 2);
  await until(async () => (await completeness())["globex"]?.["missing"] === "2");
  expect(await completeness()).toMatchObject({
    acme: { finished: "3", stored: "0", missing: "3" },
    globex: { finished: "2", stored: "0", missing: "2" },
  });
  const age = Number((await completeness())["acme"]?.["oldest_unstored_s"]);
  await until(async () => Number((await completeness())["acme"]?.["oldest_unstored_s"]) > age);
  await until(async () => !(await trust()).isTrusted);
  expect(await trust()).toMatchObject({
    cause: "missing_calls",
    reason: expect.stringMatching(/^not stored: 5 finished calls, the oldest for at least \d/),
  });

  await census.stop();
  const processors = start();
  await until(async () => (await trust()).isTrusted);
  expect(await completeness()).toMatchObject({
    acme: { finished: "3", stored: "3", missing: "0", oldest_unstored_s: null },
    globex: { finished: "2", stored: "2", missing: "0", oldest_unstored_s: null },
  });

  await gateway.stop();
  expect(await processors.drain(10_000)).toBe(true);
  const inHalfAnHour = { ...range(), toMs: Date.now() + 1_800_000 };
  expect(await store().store.ask("gateways", inHalfAnHour)).toMatchObject([
    { gateway: "g1", state: "stopped", finished: "5", stored: "5", waiting: "0" },
  ]);
}, 60_000);
