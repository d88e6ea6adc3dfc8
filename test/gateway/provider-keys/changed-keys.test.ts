import { describe, expect, test } from "vitest";
import type { Log } from "../../../core/log.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { answerStream, startStream } from "../support/mock-upstream.ts";
import { delta, done } from "../support/openai-bytes.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello, providerAt } from "../support/test-gateway.ts";
import { answers, keyOf, refuses, startKeyed } from "./keyed-upstream.ts";

const routes = { main: { models: ["up-1"], targets: [{ provider: "up" }] } };

/** Takes a configuration in which the provider has other settings. */
const reload = ({ gateway, upstream }: TestGateway, provider: object): void =>
  gateway.reconfigure(gatewayConfig.parse({ routes, providers: { up: providerAt(upstream.port, provider) } }));

/** The key that the provider got with a call. */
const sentWith = async (system: TestGateway): Promise<string | null> => {
  const before = system.upstream.requests.length;
  await system.ask({ body: hello });
  const request = system.upstream.requests[before];
  return request === undefined ? null : keyOf(request);
};

const a = { name: "a", key: "sk-a" };
const b = { name: "b", key: "sk-b" };
const noSingle = { apiKey: undefined };

describe("the keys of a provider, when the configuration changes", () => {
  test("are taken at once, and a call under way ends with the key that it began with", async () => {
    await using system = await startKeyed([a]);
    system.upstream.script((response) => startStream(response));
    const open = system.open({ body: { ...hello, stream: true } });
    const { headers } = await system.upstream.nextRequest();
    reload(system, { ...noSingle, keys: [b] });
    system.upstream.script(answers);
    expect([headers.authorization, await sentWith(system)]).toEqual(["Bearer sk-a", "sk-b"]);
    (await open).hangUp();
    const { attempts } = await system.recorded.ended(0);
    expect(attempts.map(({ start, ends }) => [start.providerKey, ends.length])).toEqual([["a", 1]]);
  });

  test("keep what was counted of those that stay", async () => {
    await using system = await startKeyed([{ ...a, requestsPerMinute: 2 }]);
    await sentWith(system);
    reload(system, { ...noSingle, keys: [{ ...a, requestsPerMinute: 2, weight: 1_000_000 }, b] });
    expect([await sentWith(system), await sentWith(system)]).toEqual(["sk-a", "sk-b"]);
  });

  test("have their new limits at once", async () => {
    await using system = await startKeyed([{ ...a, requestsPerMinute: 1 }]);
    expect([await sentWith(system), await sentWith(system)]).toEqual(["sk-a", null]);
    reload(system, { ...noSingle, keys: [{ ...a, requestsPerMinute: 2 }] });
    expect([await sentWith(system), await sentWith(system)]).toEqual(["sk-a", null]);
  });

  test("are not refused for what was said of another key of the same name", async () => {
    await using system = await startKeyed([a], { "sk-a": refuses });
    await sentWith(system);
    expect(await sentWith(system)).toBeNull();
    reload(system, { ...noSingle, keys: [{ ...a, key: "sk-new" }] });
    expect(await sentWith(system)).toBe("sk-new");
  });

  test("may become one key, or several in the place of one", async () => {
    await using system = await startKeyed([a]);
    reload(system, { apiKey: "sk-single" });
    expect(await sentWith(system)).toBe("sk-single");
    reload(system, { apiKey: "sk-other" });
    expect(await sentWith(system)).toBe("sk-other");
    reload(system, { ...noSingle, keys: [b] });
    expect(await sentWith(system)).toBe("sk-b");
  });

  test.each([
    { name: "its other settings have changed", change: { keys: [b], headers: { "x-org": "other" } } },
    { name: "it has none any more", change: {} },
  ])("stay as they are where $name, and the log says so", async ({ change }) => {
    const lines: unknown[] = [];
    const keep = (_fields: unknown, message: string) => void lines.push(message);
    const log: Log = { info: keep, warn: keep, error: keep };
    await using system = await startKeyed([a], {}, { deps: { log } });
    reload(system, { ...noSingle, ...change });
    expect([await sentWith(system), lines]).toEqual([
      "sk-a",
      ["the keys of a provider change at a restart, as its other settings do"],
    ]);
  });

  test("are told by their names alone, and only when they have changed", async () => {
    const lines: unknown[] = [];
    const keep = (fields: object, message: string) => void lines.push({ ...fields, message });
    const log: Log = { info: keep, warn: keep, error: keep };
    await using system = await startKeyed([a, b], {}, { deps: { log } });
    reload(system, { ...noSingle, keys: [a, b] });
    reload(system, {
      ...noSingle,
      keys: [
        { ...a, weight: 2 },
        { name: "c", key: "sk-c" },
      ],
    });
    expect(lines).toEqual([
      { provider: "up", added: ["c"], removed: ["b"], changed: ["a"], message: "the keys of a provider have changed" },
    ]);
  });

  test("of an attempt that ends after its key was taken out move nothing", async () => {
    await using system = await startKeyed([a]);
    const gate = Promise.withResolvers<void>();
    system.upstream.script(async (response, request) => {
      await gate.promise;
      await refuses(response, request);
    });
    const asked = system.ask({ body: hello });
    await system.upstream.nextRequest();
    reload(system, { ...noSingle, keys: [{ ...a, key: "sk-new" }] });
    system.upstream.script(answerStream([delta({ content: "yes" }, "stop"), done]));
    gate.resolve();
    await asked;
    expect(await sentWith(system)).toBe("sk-new");
  });
});
