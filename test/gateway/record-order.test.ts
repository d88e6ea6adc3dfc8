import { describe, expect, test } from "vitest";
import { answerJson, answerStream, startStream } from "./support/mock-upstream.ts";
import { completion, delta, done } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });

describe("the record comes before the last byte", () => {
  test("of a stream: [DONE] is sent once the record has ended", async () => {
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    let read = (): string => "";
    await using system = await startTestGateway({
      script: async (response) => {
        startStream(response);
        response.write(role);
        await gate.promise;
        response.end(delta({ content: "hi" }) + delta({}, "stop") + done);
      },
      onEnd: () => void seen.push(read()),
    });
    const response = await system.open({ body: streaming });
    await response.until("assistant");
    read = response.text;
    gate.resolve();
    const { body } = await response.rest();
    expect(body.toString()).toBe(role + delta({ content: "hi" }) + delta({}, "stop") + done);
    expect(seen).toEqual([role]);
  });

  test("of a stream: when the record cannot be kept, content arrives but [DONE] never does", async () => {
    await using system = await startTestGateway({
      script: answerStream([role, delta({ content: "hi" }) + delta({}, "stop") + done]),
      onEnd: () => {
        throw new Error("disk");
      },
    });
    const text = (await system.ask({ body: streaming })).body.toString();
    expect(text).toContain('"content":"hi"');
    expect(text).not.toContain("[DONE]");
    expect(text.split("\n\n").at(-2)).toContain('data: {"error":{');
  });

  test("of a whole answer: when the record cannot be kept, the answer is an error", async () => {
    await using system = await startTestGateway({
      script: answerJson(completion("paid for")),
      onEnd: () => {
        throw new Error("disk");
      },
    });
    const response = await system.ask({ body: hello });
    expect(response.status).toBe(500);
    expect(response.body.toString()).not.toContain("paid for");
    expect(response.body.toString()).not.toContain("disk");
  });
});

test("a stream that ends with a finish reason and without [DONE] is complete", async () => {
  const bytes = role + delta({ content: "hi" }) + delta({}, "stop");
  await using system = await startTestGateway({ script: answerStream([bytes]) });
  expect((await system.ask({ body: streaming })).body.toString()).toBe(bytes);
  expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok", errorType: null }]);
});

test("a stream whose last event lacks its blank line is complete", async () => {
  const bytes = `${role}${delta({}, "stop")}data: [DONE]`;
  await using system = await startTestGateway({ script: answerStream([bytes]) });
  expect((await system.ask({ body: streaming })).body.toString()).toBe(bytes);
  expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome: "ok" }]);
});

test("bytes after [DONE] are passed on, and the record is ended once", async () => {
  const bytes = `${role + delta({}, "stop") + done}: bye\n\n`;
  await using system = await startTestGateway({ script: answerStream([bytes]) });
  expect((await system.ask({ body: streaming })).body.toString()).toBe(bytes);
  expect(system.recorded.calls[0]?.ends).toHaveLength(1);
});
