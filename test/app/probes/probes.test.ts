import { describe, expect, test } from "vitest";
import { configSchema } from "../../../app/config-schema.ts";
import { gatewayUrlOf } from "../../../app/probes/gateway-url-of.ts";
import { planRound } from "../../../app/probes/plan-round.ts";
import { Probes } from "../../../app/probes/run-probes.ts";
import { silentLog } from "../../../core/log.ts";
import { answerJson } from "../../gateway/support/mock-upstream.ts";
import { completion } from "../../gateway/support/openai-bytes.ts";
import { startTestGateway } from "../../gateway/support/test-gateway.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const nowMs = 1_000_000_000_000;
const dollar = 1e9;

const probeWith = (fields: object = {}) => {
  const [probe] = configSchema.parse({
    probes: [{ route: "main", model: "up-1", prompts: ["a", "b", "c"], budgetUsdPerDay: 1, ...fields }],
  }).probes;
  if (probe === undefined) throw new Error("a configuration without a probe");
  return probe;
};

describe("a round of a probe", () => {
  test.each([
    [
      "is due when there was none",
      { lastMs: null, costNanos: 0, mostNanos: 0.1 * dollar },
      { count: 3, reason: "due" },
    ],
    [
      "is not due within the hour",
      { lastMs: nowMs - 3_599_999, costNanos: 0, mostNanos: 0 },
      { count: 0, reason: "not_due" },
    ],
    ["is due after the hour", { lastMs: nowMs - 3_600_000, costNanos: 0, mostNanos: 0 }, { count: 3, reason: "due" }],
    [
      "is one prompt while no price is known",
      { lastMs: null, costNanos: 0, mostNanos: null },
      { count: 1, reason: "price_unknown" },
    ],
    [
      "is what the budget allows",
      { lastMs: null, costNanos: 0.75 * dollar, mostNanos: 0.1 * dollar },
      { count: 2, reason: "over_budget" },
    ],
    [
      "is none when the budget is used up",
      { lastMs: null, costNanos: 2 * dollar, mostNanos: 0.1 * dollar },
      { count: 0, reason: "over_budget" },
    ],
  ] as const)("%s", (_, spent, { count, reason }) => {
    expect(planRound(probeWith(), spent, nowMs)).toEqual({ prompts: ["a", "b", "c"].slice(0, count), reason });
  });
});

test("probes ask the gateway under a feature of their own, once in their time, and count what came of it", async () => {
  const counted: unknown[] = [];
  await using system = await startTestGateway({ script: answerJson(completion("ok")) });
  const clock = virtualClock(nowMs);
  const meter = { add: (_: string, value: number, labels: unknown) => counted.push([value, labels]) };
  const probe = probeWith({ temperature: 0 });
  const probes = new Probes({
    ...{ probes: [probe], gatewayUrl: `http://127.0.0.1:${system.port}`, fetch, clock, log: silentLog },
    store: { query: async () => [{ last_s: 0, calls: "1", cost: "0", most: "1000" }] },
    meter: { ...meter, set: () => {}, observe: () => {} },
  });
  await probes.look(probe);
  await probes.look(probe);
  expect(system.recorded.calls.map(({ start }) => [start.feature, start.route, start.temperature])).toEqual(
    Array.from({ length: 3 }, () => ["probe", "main", 0]),
  );
  expect(counted).toEqual([
    [0, { route: "main", result: "due" }],
    ...Array.from({ length: 3 }, () => [1, { route: "main", result: "answered" }]),
  ]);
});

test("probes ask nothing without the store, say so once, and stop", async () => {
  const clock = virtualClock(nowMs);
  const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let queries = 0;
  const query = async (): Promise<never> => {
    asked[queries]?.resolve();
    queries += 1;
    throw new Error("down");
  };
  const meter = { add: () => {}, set: () => {}, observe: () => {} };
  const said: unknown[] = [];
  const log = { ...silentLog, warn: (fields: unknown) => said.push(fields) };
  const probes = new Probes({ probes: [probeWith()], gatewayUrl: "", fetch, store: { query }, clock, log, meter });
  probes.start();
  for (const one of asked) await clock.advanceUntil(one.promise, 10_000);
  await probes.stop();
  expect(said).toEqual([{ route: "main", reason: "store: down" }]);
});

test.each([
  ["127.0.0.1", "http://127.0.0.1:80"],
  ["0.0.0.0", "http://127.0.0.1:80"],
  ["::1", "http://[::1]:80"],
])("a gateway that listens on %s answers at %s", (host, url) => {
  expect(gatewayUrlOf({ host, port: 80 })).toBe(url);
});
