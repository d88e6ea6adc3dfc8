import { describe, expect, test } from "vitest";
import { answerJson, startUpstream } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import { hello, providerAt, startTestGateway } from "../support/test-gateway.ts";

const fails = answerJson({ error: { message: "down", type: "server_error", param: null, code: null } }, 503);
const answers = answerJson(completion("hi"));
const breaker = { minCalls: 3, openMs: 3_600_000, maxOpenMs: 3_600_000 };

describe("a target that keeps failing", () => {
  test("is left alone: calls go to the others without an attempt at it, and /policy says so", async () => {
    const spare = await startUpstream(answers);
    await using system = await startTestGateway({
      script: fails,
      providers: { spare: providerAt(spare.port) },
      config: {
        breaker,
        routes: {
          main: {
            models: ["up-1"],
            targets: [
              { provider: "up", weight: 99 },
              { provider: "spare", weight: 1 },
            ],
          },
        },
      },
    });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await system.ask({ body: hello })).status);
    expect(statuses).toEqual([503, 503, 503, 200, 200]);
    expect(system.upstream.requests).toHaveLength(3);
    const report = await system.ask({ path: "/policy", method: "GET" });
    expect(JSON.parse(report.body.toString()).routes[0].targets).toMatchObject([
      { variant: "up", health: { breaker: "open", underWay: 0 } },
      { variant: "spare", health: { breaker: "closed", underWay: 0 } },
    ]);
    await spare.close();
  });

  test("is asked all the same where there is no other", async () => {
    await using system = await startTestGateway({ script: fails, config: { breaker } });
    for (let call = 0; call < 4; call += 1) await system.ask({ body: hello });
    system.upstream.script(answers);
    expect((await system.ask({ body: hello })).status).toBe(200);
    expect(system.recorded.calls[4]?.start.routeReason).toBe("weight 100/100; every breaker open");
  });

  test("is not blamed for what is the caller's fault", async () => {
    const refused = answerJson(
      { error: { message: "no", type: "invalid_request_error", param: null, code: null } },
      400,
    );
    await using system = await startTestGateway({ script: refused, config: { breaker } });
    for (let call = 0; call < 5; call += 1) await system.ask({ body: hello });
    expect(system.recorded.calls.map(({ start }) => start.routeReason)).toEqual(Array(5).fill("weight 100/100"));
  });
});

test("a target that cannot serve the request is passed over for one that can", async () => {
  const up = await startUpstream(answers);
  await using system = await startTestGateway({
    script: answers,
    providers: { other: { kind: "anthropic", baseUrl: `http://127.0.0.1:${up.port}`, apiKey: "k" } },
    config: {
      routes: {
        main: {
          models: ["up-1"],
          targets: [
            { provider: "other", weight: 99 },
            { provider: "up", weight: 1 },
          ],
        },
      },
    },
  });
  const response = await system.ask({ body: { ...hello, n: 2 } });
  expect([response.status, up.requests.length, system.upstream.requests.length]).toEqual([200, 0, 1]);
  await up.close();
});
