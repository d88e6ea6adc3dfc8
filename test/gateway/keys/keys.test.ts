import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Log } from "../../../core/log.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { errorOf } from "../support/caller.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGatewayArgs } from "../support/test-gateway.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import { keyEntry } from "./key-entry.ts";

const keys = [
  keyEntry("good", { tenant: "acme", user: "ada" }),
  keyEntry("off", { isDisabled: true }),
  keyEntry("old", { expiresAt: "2020-01-01T00:00:00Z" }),
  keyEntry("narrow", { models: ["up-2"], routes: ["main"] }),
  keyEntry("elsewhere", { routes: ["other"] }),
];
const targets = [{ provider: "up" }];
const routes = { main: { models: ["up-1", "up-2"], targets }, other: { models: ["up-3"], targets } };

const start = (args: TestGatewayArgs = {}) =>
  startTestGateway({ script: answerJson(completion("ok")), ...args, config: { keys, routes, ...args.config } });

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const anthropicError = z.object({ type: z.literal("error"), error: z.object({ type: z.string(), code: z.string() }) });

describe("with keys configured, a call", () => {
  test.each([
    { name: "without a key", headers: {} },
    { name: "with an unknown key", headers: bearer("guess") },
    { name: "with a disabled key", headers: bearer("off") },
    { name: "with a key that has expired", headers: bearer("old") },
    { name: "with the hash of a key", headers: bearer(createHash("sha256").update("good").digest("hex")) },
    { name: "with a key of another scheme", headers: { authorization: "Basic good" } },
    { name: "with an empty key", headers: bearer("") },
    { name: "with Anthropic's header on OpenAI's path", headers: { "x-api-key": "good" } },
  ])("$name is refused with 401, and its body is not read", async ({ headers }) => {
    await using system = await start();
    const response = await system.ask({ body: "{", headers });
    expect([response.status, errorOf(response).code]).toEqual([401, "invalid_api_key"]);
    expect(response.headers["www-authenticate"]).toBe("Bearer");
    expect([system.recorded.calls, system.upstream.requests]).toEqual([[], []]);
  });

  test("with a key is served, and its record carries the key's id, tenant and user", async () => {
    await using system = await start({ config: { userHashKey: "pepper" } });
    const headers = { authorization: "bearer good", "x-plumbline-tenant": "intruder" };
    expect((await system.ask({ body: { ...hello, user: "eve" }, headers })).status).toBe(200);
    expect((await system.ask({ body: { ...hello, user: "ada" }, headers })).status).toBe(200);
    const [call, again] = system.recorded.calls;
    expect(call?.start).toMatchObject({ keyId: "good", tenant: "acme" });
    expect(call?.start.userHash).toBe(again?.start.userHash);
  });

  test.each([
    { key: "narrow", model: "up-1", code: "key.forbidden" },
    { key: "elsewhere", model: "up-1", code: "key.forbidden" },
  ])("with a key that may not ask for it is refused with 403: $key", async ({ key, model, code }) => {
    await using system = await start();
    const response = await system.ask({ body: { ...hello, model }, headers: bearer(key) });
    expect([response.status, errorOf(response).code]).toEqual([403, code]);
    expect(system.upstream.requests).toEqual([]);
  });

  test("on Anthropic's path takes x-api-key, and is refused in Anthropic's shape", async () => {
    await using system = await start();
    const body = { ...hello, max_tokens: 5 };
    const path = "/v1/messages";
    const refused = await system.ask({ path, body, headers: { "x-api-key": "guess" } });
    expect(refused.status).toBe(401);
    expect(anthropicError.parse(JSON.parse(refused.body.toString())).error).toEqual({
      type: "authentication_error",
      code: "invalid_api_key",
    });
    expect((await system.ask({ path, body, headers: { "x-api-key": "good" } })).status).toBe(200);
  });

  test("lists the models that its key may ask for, and none without a key", async () => {
    await using system = await start();
    const asked = { path: "/v1/models", method: "GET" };
    expect((await system.ask(asked)).status).toBe(401);
    const { body } = await system.ask({ ...asked, headers: bearer("narrow") });
    expect(JSON.parse(body.toString())).toMatchObject({ data: [{ id: "up-2" }] });
  });
});

test("a key that the configuration no longer has is refused at once", async () => {
  await using system = await start();
  expect((await system.ask({ body: hello, headers: bearer("good") })).status).toBe(200);
  const providers = { up: { kind: "simulated" } };
  system.gateway.reconfigure(gatewayConfig.parse({ providers, routes, keys: keys.slice(1) }));
  expect((await system.ask({ body: hello, headers: bearer("good") })).status).toBe(401);
});

test("a key is in no record, log line, error or request to a provider", async () => {
  const lines: unknown[] = [];
  const keep = (fields: unknown, message: string) => lines.push(fields, message);
  const log: Log = { info: keep, warn: keep, error: keep };
  const secret = "plk-very-secret-key";
  const own = [keyEntry(secret, { id: "k" }), keyEntry(`${secret}-off`, { id: "off", isDisabled: true })];
  await using system = await start({ config: { keys: own }, deps: { log } });
  const answers = await Promise.all([
    system.ask({ body: hello, headers: bearer(secret) }),
    system.ask({ body: { ...hello, model: "nope" }, headers: bearer(secret) }),
    system.ask({ body: hello, headers: bearer(`${secret}-off`) }),
    system.ask({ body: hello, headers: bearer(`${secret}-wrong`) }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 401, 401]);
  const said = [
    lines,
    system.recorded.calls,
    system.upstream.requests,
    answers.map(({ body, headers }) => [body.toString(), headers]),
  ];
  expect(JSON.stringify(said)).not.toContain(secret);
});

test.each([
  { name: "two keys of one id", keys: [keyEntry("a"), keyEntry("b", { id: "a" })], path: ["keys", 1, "id"] },
  {
    name: "two keys that are the same",
    keys: [keyEntry("a"), keyEntry("a", { id: "b" })],
    path: ["keys", 1, "sha256"],
  },
  { name: "a route that is not there", keys: [keyEntry("a", { routes: ["no"] })], path: ["keys", 0, "routes", 0] },
  {
    name: "a team of two organisations",
    keys: [keyEntry("a", { team: "t", organisation: "x" }), keyEntry("b", { team: "t" })],
    path: ["keys", 1, "team"],
  },
  {
    name: "an end without an offset",
    keys: [keyEntry("a", { expiresAt: "2027-01-31T12:00:00" })],
    path: ["keys", 0, "expiresAt"],
  },
  { name: "a hash in upper case", keys: [{ id: "a", sha256: "A".repeat(64) }], path: ["keys", 0, "sha256"] },
])("a configuration is refused that has $name", ({ keys: wrong, path }) => {
  const parsed = gatewayConfig.safeParse({ keys: wrong });
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
});
