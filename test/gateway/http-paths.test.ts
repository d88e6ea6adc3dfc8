import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { errorOf } from "./support/caller.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

describe("a gateway that cannot record", () => {
  test("refuses calls with 503 and says when to come back", async () => {
    const hasRoom = () => ({ ok: false, code: "spool.full", reason: "the spool is full" }) as const;
    await using system = await startTestGateway({ deps: { hasRoom } });
    const response = await system.ask({ body: hello });
    expect([response.status, response.headers["retry-after"], errorOf(response).code]).toEqual([
      503,
      "1",
      "spool.full",
    ]);
    expect(errorOf(response).message).toContain("the spool is full");
    const ready = await system.ask({ path: "/readyz", method: "GET" });
    expect([ready.status, ready.body.toString()]).toEqual([503, '{"status":"full","reason":"the spool is full"}']);
  });
});

describe("the other paths", () => {
  test("list the models that can be asked for by name alone", async () => {
    await using system = await startTestGateway({
      config: {
        routes: {
          main: { models: ["up-1", "up-2"], targets: [{ provider: "up" }] },
          rest: { models: ["*"], targets: [{ provider: "up" }] },
          hidden: { models: ["secret"], isByNameOnly: true, targets: [{ provider: "up" }] },
        },
      },
    });
    const response = await system.ask({ path: "/v1/models", method: "GET" });
    const list: unknown = JSON.parse(response.body.toString());
    const model = (id: string) => ({ id, object: "model", created: 0, owned_by: "plumbline" });
    expect(list).toEqual({ object: "list", data: [model("up-1"), model("up-2")] });
  });

  test.each([
    { path: "/healthz", type: "application/json", body: '{"status":"ok"}' },
    { path: "/readyz", type: "application/json", body: '{"status":"ready"}' },
    { path: "/metrics", type: "text/plain; version=0.0.4; charset=utf-8", body: "metrics 1\n" },
  ])("$path answers", async ({ path, type, body }) => {
    await using system = await startTestGateway();
    const response = await system.ask({ path, method: "GET" });
    expect([response.status, response.headers["content-type"], response.body.toString()]).toEqual([200, type, body]);
    expect(response.headers["x-request-id"]).toMatch(/^[0-9a-f]{16}$/);
  });

  test("a failure to write the metrics is an error of the gateway", async () => {
    await using system = await startTestGateway({ deps: { metricsText: () => Promise.reject(new Error("no")) } });
    const response = await system.ask({ path: "/metrics", method: "GET" });
    expect([response.status, errorOf(response).code]).toEqual([500, "gateway.internal"]);
  });
});

describe("listen", () => {
  test("says that the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const started = startTestGateway({ config: { port } });
    const error: unknown = await started.then(
      () => null,
      (reason: unknown) => reason,
    );
    other.close();
    expect(error instanceof PlumblineError ? error.code : error).toBe("port.in_use");
  });
});
