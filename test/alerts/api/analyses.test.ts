import { describe, expect, test } from "vitest";
import { z } from "zod";
import { setUpDesk } from "../desk.ts";
import type { ApiUnderTest } from "./use-api.ts";
import { useApi } from "./use-api.ts";

const open = useApi(setUpDesk());
const external = {
  route: "chat",
  candidate: "new",
  traffic: "external",
  namespace: "prod",
  name: "bot",
  checksum: "7f8",
};
const begin = (api: ApiUnderTest) => api.post("/api/canaries", external);
const isPassing = (api: ApiUnderTest) => () => api.rollouts.list()[0]?.verdict === "pass";
const worse = { candidate: { errorRate: 0.06 } };

describe("an analysis of Argo Rollouts", () => {
  const ask = (api: ApiUnderTest, changes: object = {}) =>
    api.post("/v1/canary/verdict", { rollout: "bot", stage: "", hash: "", ...changes });

  test("is answered 200 with continue while nothing is decided, also about what nobody has started", async () => {
    const api = await open();
    expect(await ask(api)).toMatchObject({ status: 200, body: { data: { verdict: "continue", evidenceId: null } } });
    await begin(api);
    await api.look({ calls: 40 }, () => api.rollouts.list()[0]?.neededCalls !== null);
    const { body } = await ask(api, { hash: "7f8" });
    expect(body).toEqual({
      data: {
        verdict: "continue",
        reason: expect.stringContaining("more requests of the candidate"),
        logE: expect.any(Number),
        threshold: expect.closeTo(Math.log(100)),
        nCanary: expect.any(Number),
        nNeeded: expect.any(Number),
        worst: expect.objectContaining({ metric: expect.any(String) }),
        evidenceId: "canary-1",
      },
    });
    expect(await ask(api, { hash: "other" })).toMatchObject({
      body: { data: { verdict: "continue", evidenceId: null } },
    });
  });

  test("passes once for each stage, and again for a stage that was left behind", async () => {
    const api = await open();
    await begin(api);
    await api.look({}, isPassing(api));
    expect(await ask(api, { stage: "0" })).toMatchObject({ body: { data: { verdict: "pass" } } });
    expect(await ask(api, { stage: "50%" })).toMatchObject({ body: { data: { verdict: "continue" } } });
    expect(await ask(api, { stage: "20%" })).toMatchObject({ body: { data: { verdict: "pass" } } });
    await api.look({}, isPassing(api));
    expect(await ask(api)).toMatchObject({ body: { data: { verdict: "pass" } } });
    expect(await ask(api)).toMatchObject({ body: { data: { verdict: "continue" } } });
  });

  test("fails what is worse, with the metric, its ratio and interval, and names the canary by namespace too", async () => {
    const api = await open();
    const started = await ask(api, { rollout: "prod/bot", hash: "7f8", route: "chat", candidate: "new" });
    expect(started).toMatchObject({ body: { data: { verdict: "continue", evidenceId: "canary-1" } } });
    await api.look(worse, () => api.rollouts.list()[0]?.endedAtMs !== null);
    const { body } = await ask(api, { rollout: "prod/bot" });
    expect(body).toMatchObject({ data: { verdict: "fail", worst: { metric: "errors" } } });
  });
});

describe("a query in Prometheus' shape", () => {
  const result = z.object({
    data: z.object({
      result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
    }),
  });
  const ask = async (api: ApiUnderTest, query: string) => {
    const { status, body } = await api.get(`/api/v1/query?query=${encodeURIComponent(query)}`);
    return { status, values: result.parse(body).data.result.map(({ value }) => value[1]), body };
  };

  test("answers that it is there, in text", async () => {
    expect(await ask(await open(), "vector(1)")).toMatchObject({ status: 200, values: ["1"] });
  });

  test("tells of the canaries with these labels, the latest last, and has no values of others", async () => {
    const api = await open();
    await begin(api);
    await api.look(worse, () => api.rollouts.list()[0]?.endedAtMs !== null);
    await api.post("/api/canaries", { ...external, checksum: "7f9" });
    expect(await ask(api, 'plumbline_canary_fail{namespace="prod",name="bot"}')).toMatchObject({ values: ["1", "0"] });
    expect(await ask(api, 'plumbline_canary_fail{checksum="7f8", route="chat"}')).toMatchObject({ values: ["1"] });
    expect(await ask(api, "plumbline_canary_pass")).toMatchObject({ values: ["0", "0"] });
    expect(await ask(api, 'plumbline_canary_pass{candidate="none"}')).toMatchObject({ values: [] });
    expect(await ask(api, 'plumbline_canary_needed_calls{checksum="7f9"}')).toMatchObject({ values: [] });
  });

  test.each(["up", "plumbline_canary_pass{route=~'a'}", "sum(plumbline_canary_pass)", ""])(
    "refuses %j as Prometheus does",
    async (query) => {
      const api = await open();
      const { status, body } = await api.get(`/api/v1/query?query=${encodeURIComponent(query)}`);
      expect([status, body]).toEqual([
        400,
        { status: "error", errorType: "bad_data", error: expect.stringContaining("plumbline_canary_pass") },
      ]);
    },
  );
});

describe("a caller of Kayenta", () => {
  const scopes = { default: { controlScope: { scope: "stable" }, experimentScope: { scope: "prod/bot" } } };
  const start = async (api: ApiUnderTest): Promise<string> => {
    const { body } = await api.post("/canary/quick?application=a", { scopes, thresholds: { pass: 90, marginal: 60 } });
    return z.object({ canaryExecutionId: z.string() }).parse(body).canaryExecutionId;
  };
  const scored = (score: number) => ({ complete: true, result: { judgeResult: { score: { score } } } });

  test("finds the plans as configurations", async () => {
    const { body } = await (await open()).get("/canaryConfig?application=a&configurationAccountName=b");
    expect(body).toEqual(["quick", "internal-1-5-20-100", "1-5-25-50-100"].map((name) => ({ id: name, name })));
  });

  test("waits until the stage is passed, hears 100 from then on, and waits again for the next", async () => {
    const api = await open();
    await begin(api);
    const first = await start(api);
    expect(await api.get(`/canary/${first}`)).toMatchObject({ status: 200, body: { complete: false } });
    await api.look({}, isPassing(api));
    for (const _ of [1, 2]) expect(await api.get(`/canary/${first}`)).toMatchObject({ body: scored(100) });
    expect(await api.get(`/canary/${await start(api)}`)).toMatchObject({ body: { complete: false } });
  });

  test("hears 0 of what is worse, and that there is no such execution", async () => {
    const api = await open();
    await begin(api);
    const id = await start(api);
    await api.look(worse, () => api.rollouts.list()[0]?.endedAtMs !== null);
    expect(await api.get(`/canary/${id}`)).toMatchObject({ body: scored(0) });
    expect(await api.get("/canary/none")).toMatchObject({ status: 404, body: { error: { code: "canary.unknown" } } });
    expect(await api.get(`/canary/${id}`, { "sec-fetch-site": "cross-site" })).toMatchObject({ status: 403 });
  });
});
