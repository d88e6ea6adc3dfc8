import { describe, expect, test } from "vitest";
import { setUpDesk } from "../desk.ts";
import { useApi } from "./use-api.ts";

const bench = setUpDesk();
const open = useApi(bench);
const asked = { route: "chat", candidate: "new" };
const path = "/api/canaries";

describe("what changes something", () => {
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["a page of another site", { "sec-fetch-site": "cross-site" }],
    ["a page of another port of this machine", { "sec-fetch-site": "same-site", origin: "http://localhost:3000" }],
    ["a page of another origin", { origin: "https://example.com" }],
    ["a page that is sealed off", { origin: "null" }],
  ])("is refused to %s", async (_, headers) => {
    const api = await open();
    expect(await api.post(path, asked, headers)).toMatchObject({
      status: 403,
      body: { error: { code: "http.foreign_origin" } },
    });
    expect(api.rollouts.list()).toEqual([]);
  });

  test("is open to the console's own page, and to the origins that are listed", async () => {
    const api = await open({ api: { origins: ["https://plumbline.example.com"] } });
    const own = { "sec-fetch-site": "same-origin", origin: api.url };
    expect((await api.post(path, asked, own)).status).toBe(201);
    const listed = { "sec-fetch-site": "same-origin", origin: "https://plumbline.example.com" };
    expect((await api.post(`${path}/canary-1/abort`, { reason: "x" }, listed)).status).toBe(200);
  });

  test("needs JSON, so that no form can send it", async () => {
    const api = await open();
    expect((await api.post(path, asked, { "content-type": "text/plain" })).status).toBe(415);
  });

  test.each<readonly [string, string | null, number]>([
    ["without a token", null, 401],
    ["with another token", "Bearer wrong", 401],
    ["with the token", "Bearer s3cret", 201],
    ["with the token as a password", `Basic ${Buffer.from("flagger:s3cret").toString("base64")}`, 201],
    ["with the token in another scheme", "Token s3cret", 401],
  ])("%s is answered as it should be, and what is read needs none", async (_, authorization, status) => {
    const api = await open({ api: { token: "s3cret" } });
    const headers = authorization === null ? {} : { authorization };
    expect((await api.post(path, asked, headers)).status).toBe(status);
    expect((await api.get(path)).status).toBe(200);
  });

  test("is bounded in number, and what is only asked is not", async () => {
    const api = await open({ api: { changesPerSecond: 1 } });
    await api.post(path, asked);
    const evals = await Promise.all(
      [1, 2, 3].map((n) => api.post(`${path}/canary-1/evals`, { name: `${n}`, isPassed: true })),
    );
    expect(evals.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429, 429]);
    const hooks = await Promise.all(
      Array.from({ length: 200 }, () =>
        api.post("/hooks/flagger/rollout", { name: "a", namespace: "b", checksum: "c" }),
      ),
    );
    expect(new Set(hooks.map(({ status }) => status))).toEqual(new Set([200]));
    bench.clock().advance(1_000);
    expect((await api.post(`${path}/canary-1/evals`, { name: "4", isPassed: true })).status).toBe(200);
  });
});
