import { describe, expect, test } from "vitest";
import { apiConfig } from "../../../alerts/api/api-config.ts";
import { createFollowingApi } from "../../../alerts/api/following-api.ts";
import { deliveryConfig } from "../../../alerts/delivery/delivery-config.ts";
import { looksConfig } from "../../../alerts/looks/looks-config.ts";
import { Looks } from "../../../alerts/looks/run-looks.ts";
import { rolloutsConfig } from "../../../alerts/rollouts/rollouts-config.ts";
import { silentMeter } from "../../../core/instruments.ts";
import { silentLog } from "../../../core/log.ts";
import { setUpDesk } from "../desk.ts";
import type { ApiUnderTest } from "./use-api.ts";
import { useApi } from "./use-api.ts";

const bench = setUpDesk();
const open = useApi(bench);

const asked = { name: "podinfo", namespace: "test", checksum: "1", metadata: { route: "chat", candidate: "new" } };

/** What a process answers that does not lead, while another one's canaries are kept in the store that both have. */
const followerOf = () => {
  const { store } = bench.store();
  const clock = bench.clock();
  const api = createFollowingApi({
    store,
    outside: {
      store,
      config: deliveryConfig.parse({}),
      externalUrl: "http://console.example",
      clock,
      meter: silentMeter,
    },
    ...{ config: apiConfig.parse({}), canaries: rolloutsConfig.parse({}), clock, meter: silentMeter },
  });
  const ask = async (method: "GET" | "POST", path: string, body: object = {}) => {
    const headers = { "content-type": "application/json" };
    const text = Buffer.from(JSON.stringify(body));
    const reply = await api({ method, path, query: new URLSearchParams(), headers, body: text });
    return reply === null ? null : { ...reply, body: JSON.parse(reply.body) };
  };
  return { ask, hook: async (name: string) => (await ask("POST", `/hooks/flagger/${name}`, asked))?.status };
};

/** Keeps the canaries of a leading process as its looks do. */
const keepOf = async ({ rollouts }: ApiUnderTest): Promise<void> => {
  const parts = { takers: [], config: looksConfig.parse({}), clock: bench.clock(), log: silentLog };
  const looks = new Looks({ store: bench.store().store, ...parts });
  await looks.keep(rollouts.list().map((each) => ({ key: `canary:${each.id}`, state: JSON.stringify(each) })));
  bench.clock().advance(2_000);
};

describe("a process that does not lead", () => {
  test("answers from what is kept the hooks whose no counts as a failed check", async () => {
    const api = await open();
    const { ask, hook } = followerOf();
    await api.post("/hooks/flagger/confirm-rollout", asked);
    await keepOf(api);
    expect([await hook("confirm-rollout"), await hook("rollout"), await hook("rollback")]).toEqual([200, 200, 409]);
    expect(await hook("confirm-traffic-increase")).toBe(409);
    await api.look({ candidate: { errorRate: 0.05 } }, () => api.rollouts.list()[0]?.endedAtMs !== null);
    await keepOf(api);
    expect([await hook("rollout"), await hook("rollback")]).toEqual([409, 200]);
    expect(await ask("GET", "/api/canaries")).toMatchObject({
      status: 200,
      body: { canaries: [{ status: "rolled_back" }] },
    });
  });

  test("refuses with 503 and a pause what would change something, a gate that is open among it", async () => {
    const api = await open();
    const { ask, hook } = followerOf();
    expect(await ask("POST", "/api/canaries", { route: "chat", candidate: "new" })).toMatchObject({
      status: 503,
      headers: { "retry-after": "5" },
      body: { error: { code: "canary.elsewhere" } },
    });
    expect(await hook("confirm-rollout")).toBe(503);
    await api.post("/hooks/flagger/confirm-rollout", asked);
    await api.look({}, () => api.rollouts.list()[0]?.verdict === "pass");
    await keepOf(api);
    expect(await hook("confirm-traffic-increase")).toBe(503);
    expect((await ask("GET", "/api/silences"))?.status).toBe(503);
    expect(api.rollouts.list()[0]?.judge.stage).toBe(0);
  });

  test("tells of the verdicts in force, and leaves other paths to others", async () => {
    const { desk } = bench.open();
    const effect = { kind: "target", route: "chat", variant: "a", factor: 0 } as const;
    await desk.propose({ action: "eject", effect, reason: "it is slow", evidenceId: null, isAutomatic: false });
    const { ask } = followerOf();
    expect(await ask("GET", "/api/verdicts")).toMatchObject({ status: 200, body: { verdicts: [{ effect }] } });
    expect(await ask("GET", "/elsewhere")).toBeNull();
  });
});
