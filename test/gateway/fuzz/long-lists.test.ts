import { describe, expect, test } from "vitest";
import { answerJson } from "../support/mock-upstream.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const many = 60_000;
const times = <T>(make: (index: number) => T): T[] => Array.from({ length: many }, (_, index) => make(index));
const fixtureOf = (kind: string) => {
  const found = providerFixtures.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
};
const anthropic = fixtureOf("anthropic");
const say = { role: "user", content: "x" };
const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" };
const chatCall = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };

/** Work that grew with the square of a list would take minutes, in which no other call is served: the tests would time out. */
describe("a list of 60,000", () => {
  test.each([
    { name: "messages", path: "/v1/chat/completions", body: { messages: times(() => say) } },
    {
      name: "tool calls",
      path: "/v1/chat/completions",
      body: { messages: [say, { role: "assistant", content: null, tool_calls: times(() => chatCall) }] },
    },
    { name: "messages", path: "/v1/responses", body: { input: times(() => say) } },
    { name: "tool calls", path: "/v1/responses", body: { input: times(() => call) } },
    { name: "messages", path: "/v1/messages", body: { max_tokens: 9, messages: times(() => say) } },
  ])("$name in a request to $path is read and written anew", async ({ path, body }) => {
    await using system = await startTestGateway({ script: answerJson(anthropic.whole), providerAt: anthropic.config });
    expect((await system.ask({ path, body: { model: "up-1", ...body } })).status).toBe(200);
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok" }]);
  });

  test("tool calls in an answer is read and written anew", async () => {
    const content = times((index) => ({ type: "tool_use", id: `c${index}`, name: "f", input: {} }));
    await using system = await startTestGateway({
      script: answerJson({ ...anthropic.whole, content }),
      providerAt: anthropic.config,
    });
    const { status, body } = await system.ask({ body: { model: "up-1", messages: [say] } });
    expect([status, body.toString().split('"type":"function"').length - 1]).toEqual([200, many]);
  });
});
