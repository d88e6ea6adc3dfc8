import { describe, expect, test } from "vitest";
import type { FlaggerHook } from "../../../alerts/api/flagger.ts";
import { setUpDesk } from "../desk.ts";
import type { ApiUnderTest } from "./use-api.ts";
import { useApi } from "./use-api.ts";

/** A body as Flagger sends it. */
const sent = {
  name: "podinfo",
  namespace: "test",
  phase: "Progressing",
  checksum: "85d557f47b",
  metadata: { route: "chat", candidate: "new" },
} as const;

const hooksOf =
  (api: ApiUnderTest) =>
  async (hook: FlaggerHook, changes: object = {}) =>
    (await api.post(`/hooks/flagger/${hook}`, { ...sent, ...changes })).status;

const open = useApi(setUpDesk());

describe("Flagger", () => {
  test("is held at each gate until its stage is passed, goes through once, and is told to promote at the end", async () => {
    const api = await open();
    const hook = hooksOf(api);
    expect(await hook("confirm-rollout")).toBe(200);
    const [canary] = api.rollouts.list();
    expect(canary).toMatchObject({ route: "chat", candidate: "new", status: "running", external: { name: "podinfo" } });
    expect([await hook("pre-rollout"), await hook("rollout"), await hook("rollback")]).toEqual([200, 200, 409]);
    expect(await hook("confirm-traffic-increase")).toBe(409);
    for (const stage of [0, 1]) {
      await api.look({}, () => api.rollouts.list()[0]?.verdict === "pass");
      expect(api.rollouts.list()[0]?.judge.stage).toBe(stage);
      const gates = await Promise.all([1, 2, 3].map(() => hook("confirm-traffic-increase")));
      expect(gates.toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    }
    await api.look({}, () => api.rollouts.list()[0]?.verdict === "pass");
    expect([await hook("confirm-promotion"), await hook("confirm-promotion")]).toEqual([200, 200]);
    expect(await hook("post-rollout", { phase: "Succeeded" })).toBe(200);
    expect(api.rollouts.list()).toMatchObject([{ status: "promoted" }]);
    expect(api.desk.list()).toEqual([]);
  });

  test("is told to roll back what is worse, and not before it is sure", async () => {
    const api = await open();
    const hook = hooksOf(api);
    await hook("confirm-rollout");
    await api.look({ candidate: { errorRate: 0.05 } }, () => api.rollouts.list()[0]?.endedAtMs !== null);
    expect(api.rollouts.list()).toMatchObject([{ status: "rolled_back" }]);
    expect([await hook("rollback"), await hook("rollout"), await hook("confirm-promotion")]).toEqual([200, 409, 409]);
    const told = await api.post("/hooks/flagger/rollback", sent);
    expect(told.body).toMatchObject({ verdict: "fail", reason: expect.stringMatching(/^errors \d/) });
    expect(api.desk.list()).toEqual([]);
  });

  test("begins another trial with another checksum, and ends the one before", async () => {
    const api = await open();
    const hook = hooksOf(api);
    await hook("confirm-rollout");
    await Promise.all([1, 2, 3].map(() => hook("confirm-rollout", { checksum: "next" })));
    expect(
      api.rollouts
        .list()
        .map(({ status, external }) => `${external?.checksum} ${status}`)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["85d557f47b aborted", "next running"]);
    expect([await hook("rollback"), await hook("rollback", { checksum: "next" })]).toEqual([200, 409]);
  });

  test("is told what is missing in its manifest, and what nobody has started holds no counted hook", async () => {
    const api = await open();
    const { status, body } = await api.post("/hooks/flagger/confirm-rollout", { ...sent, metadata: {} });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { code: "http.invalid_request", message: expect.stringMatching(/metadata.route.*metadata.candidate/) },
    });
    const hook = hooksOf(api);
    expect(
      await Promise.all([hook("rollout"), hook("rollback"), hook("confirm-traffic-increase"), hook("event")]),
    ).toEqual([200, 409, 409, 200]);
  });
});
