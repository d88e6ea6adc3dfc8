import { describe, expect, test } from "vitest";
import { setUpDesk } from "../desk.ts";
import { useApi } from "./use-api.ts";

const open = useApi(setUpDesk());
const asked = { route: "chat", candidate: "new" };
const path = "/api/canaries";

interface Refusal {
  readonly what: string;
  readonly at: string;
  readonly body: unknown;
  readonly status: number;
  readonly says: RegExp;
}

describe("the API of canaries", () => {
  test("starts one, tells where it stands by every metric, and takes it back", async () => {
    const api = await open();
    expect(await api.get(path)).toEqual({ status: 200, body: { canaries: [] } });
    const started = await api.post(path, asked);
    expect(started).toMatchObject({
      status: 201,
      body: { id: "canary-1", status: "running", traffic: "gateway", share: 0.2 },
    });
    await api.look({}, () => (api.rollouts.list()[0]?.judge.looks ?? 0) >= 3);
    expect(await api.get(path)).toMatchObject({
      body: {
        canaries: [
          {
            ...asked,
            verdict: "continue",
            stage: { index: 0, count: 3, name: "20%" },
            logBound: expect.closeTo(Math.log(100)),
            worst: { metric: expect.any(String) },
            endedAtMs: null,
          },
        ],
      },
    });
    const shown = await api.get(`${path}/canary-1`);
    expect(shown).toMatchObject({
      status: 200,
      body: { metrics: expect.arrayContaining([expect.objectContaining({ metric: "errors", mustPass: true })]) },
    });
    expect(await api.get("/api/verdicts")).toMatchObject({
      body: { verdicts: [{ action: "start", effect: { share: 0.2 } }] },
    });
    const ended = await api.post(`${path}/canary-1/abort`, { reason: "wrong build" });
    expect(ended).toMatchObject({ status: 200, body: { status: "aborted", says: "wrong build", share: 0 } });
    expect(await api.post(`${path}/canary-1/promote`, { reason: "no" })).toMatchObject({
      status: 409,
      body: { error: { code: "canary.refused" } },
    });
  });

  test("gives all traffic to one that a person promotes, and takes down evals", async () => {
    const api = await open();
    await api.post(path, asked);
    expect(await api.post(`${path}/canary-1/evals`, { name: "golden set", isPassed: true })).toMatchObject({
      status: 200,
      body: { evals: [{ name: "golden set", isPassed: true }] },
    });
    expect(await api.post(`${path}/canary-1/promote`, { reason: "it fixes the outage" })).toMatchObject({
      body: { status: "promoted", share: 1 },
    });
    expect(api.desk.list()).toMatchObject([{ action: "promote", effect: { share: 1 } }]);
  });

  test("judges a rollout whose traffic others shift, against the variant that they name, and moves nothing", async () => {
    const api = await open();
    const external = {
      ...asked,
      traffic: "external",
      namespace: "prod",
      name: "bot",
      checksum: "1",
      baseline: "stable",
    };
    expect(await api.post(path, external)).toMatchObject({
      status: 201,
      body: { traffic: "external", share: null, external: { name: "bot", baseline: "stable" } },
    });
    await api.look({}, () => api.rollouts.list()[0]?.verdict === "pass");
    expect(api.rollouts.list()).toMatchObject([{ status: "running", verdict: "pass", judge: { stage: 0 } }]);
    expect(api.rollouts.list()[0]?.baselineCalls).toBeGreaterThan(0);
    expect(api.desk.list()).toEqual([]);
    expect(await api.post(path, external)).toMatchObject({ status: 409 });
  });

  test.each<Refusal>([
    {
      what: "every mistake of a body at once",
      at: path,
      body: { route: "", unit: "call", extra: 1 },
      status: 400,
      says: /route: .*candidate: .*unit: .*extra/,
    },
    {
      what: "a target that is not there",
      at: path,
      body: { route: "chat", candidate: "none" },
      status: 409,
      says: /its targets are stable, new/,
    },
    {
      what: "a field that goes with external traffic",
      at: path,
      body: { ...asked, checksum: "1" },
      status: 400,
      says: /checksum: goes with external traffic only/,
    },
    {
      what: "a unit that nobody knows of external traffic",
      at: path,
      body: { ...asked, traffic: "external", unit: "user" },
      status: 400,
      says: /unit: must be request/,
    },
    {
      what: "a reason that is missing",
      at: `${path}/none/abort`,
      body: {},
      status: 404,
      says: /There is no canary "none"/,
    },
    { what: "what is no JSON", at: path, body: "{", status: 415, says: /no JSON/ },
    {
      what: "a body that is too large",
      at: path,
      body: `"${"x".repeat(70_000)}"`,
      status: 413,
      says: /more than 65536 bytes/,
    },
  ])("refuses $what", async ({ at, body, status, says }) => {
    const api = await open();
    const answer = await api.post(at, body);
    expect(answer).toMatchObject({ status, body: { error: { message: expect.stringMatching(says) } } });
    expect(api.rollouts.list()).toEqual([]);
  });

  test("says which methods a path answers, and leaves other paths to the console", async () => {
    const api = await open();
    const response = await fetch(`${api.url}/v1/canary/verdict`);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await api.get("/api/canaries/a/b/c")).toMatchObject({
      status: 404,
      body: { error: { code: "http.unknown_path" } },
    });
    expect(await api.get("/api/questions")).toMatchObject({ status: 200 });
  });
});
