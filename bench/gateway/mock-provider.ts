import { createServer } from "node:http";

/** A provider that answers at once: the same completion, or the same 20 content deltas, to every call. */
const completion = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "bench-model",
    choices: [{ index: 0, message: { role: "assistant", content: "word ".repeat(200) }, finish_reason: "stop" }],
    usage: { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 },
  }),
);

const chunk = (choices: readonly unknown[], usage: unknown): string =>
  `data: ${JSON.stringify({ id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_700_000_000, model: "bench-model", choices, usage })}\n\n`;

const deltas = 20;
const streamHead = chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }], null);
const streamDelta = chunk(
  [{ index: 0, delta: { content: "ten words of an answer that is of no matter" }, finish_reason: null }],
  null,
);
const streamEnd =
  chunk([{ index: 0, delta: {}, finish_reason: "stop" }], null) +
  chunk([], { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 }) +
  "data: [DONE]\n\n";

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (!Buffer.concat(parts).includes('"stream":true')) {
      response.writeHead(200, { "content-type": "application/json", "content-length": completion.length });
      response.end(completion);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(streamHead);
    for (let index = 0; index < deltas; index += 1) {
      response.write(streamDelta);
    }
    response.end(streamEnd);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.send?.("ready"));
