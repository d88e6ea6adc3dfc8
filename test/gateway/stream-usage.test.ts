import { describe, expect, test } from "vitest";
import { answerStream } from "./support/mock-upstream.ts";
import { countedUsage, delta, done, usageChunk } from "./support/openai-bytes.ts";
import { hello, startTestGateway } from "./support/test-gateway.ts";

const streaming = { ...hello, stream: true } as const;
const role = delta({ role: "assistant", content: "" });

describe("token counts of a stream", () => {
  test("are asked for when the caller did not, and taken out of what it gets", async () => {
    const noCounts = { usage: null };
    await using system = await startTestGateway({
      script: answerStream([
        delta({ role: "assistant", content: "" }, null, noCounts),
        delta({ content: "hé" }, null, noCounts),
        ": ping\n\n",
        delta({}, "stop", noCounts),
        usageChunk(countedUsage.sent),
        done,
      ]),
    });
    const response = await system.ask({ body: streaming });
    expect(system.upstream.requests[0]?.body.toString()).toBe(
      JSON.stringify({ stream_options: { include_usage: true }, ...streaming }),
    );
    expect(response.body.toString()).toBe(
      [role, delta({ content: "hé" }), ": ping\n\n", delta({}, "stop"), done].join(""),
    );
    const call = await system.recorded.ended(0);
    expect(call.ends).toMatchObject([{ outcome: "ok", usage: countedUsage.recorded, finishReasons: ["stop"] }]);
  });

  test("are not asked for where the configuration says that the server refuses it", async () => {
    await using system = await startTestGateway({
      script: answerStream([delta({ content: "Hi!!" }, "stop"), done]),
      provider: { streamUsage: false },
    });
    await system.ask({ body: streaming });
    expect(system.upstream.requests[0]?.body.toString()).toBe(JSON.stringify(streaming));
    // "Say hello." has 10 bytes, "Hi!!" has 4: rounded up at 4 bytes a token.
    expect((await system.recorded.ended(0)).ends[0]?.usage).toMatchObject({
      inputTokens: 3,
      outputTokens: 1,
      source: "estimated",
    });
  });

  test("that come with content are read and passed on", async () => {
    const last = delta({ content: "x" }, "stop", { usage: countedUsage.sent });
    await using system = await startTestGateway({ script: answerStream([last, done]) });
    const response = await system.ask({ body: streaming });
    expect(response.body.toString()).toBe(last + done);
    expect((await system.recorded.ended(0)).ends[0]?.usage).toEqual(countedUsage.recorded);
  });
});
