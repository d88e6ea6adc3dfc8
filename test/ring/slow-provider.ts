import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";

/** A provider on loopback that streams one short answer after a delay that a test may change at any time. */
export class SlowProvider {
  readonly #server: Server;
  /** Milliseconds to the first token; each call waits between half of it and one and a half times. */
  delayMs: number;
  /** Share of calls that are answered with status 500. */
  errorRate = 0;
  /** Share of answers that decline. */
  refusalRate = 0;
  /** Output tokens that it says an answer has; each has between half and one and a half times as many. */
  outputTokens = 40;
  #calls = 0;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Calls that it was sent. */
  get calls(): number {
    return this.#calls;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), "close");
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#calls += 1;
    request.resume();
    const isError = Math.random() < this.errorRate;
    const delayMs = this.delayMs * (0.5 + Math.random());
    const text = Math.random() < this.refusalRate ? "I'm sorry, but I can't help with that." : "It is on the table.";
    const tokens = Math.max(1, Math.round(this.outputTokens * (0.5 + Math.random())));
    setTimeout(() => (isError ? fail(response) : stream(response, text, tokens)), delayMs).unref();
  }
}

const fail = (response: ServerResponse): void => {
  response.writeHead(500, { "content-type": "application/json" });
  response.end('{"error":{"message":"broken","type":"server_error"}}');
};

const stream = (response: ServerResponse, text: string, tokens: number): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const chunk = (members: object): string =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", ...members })}\n\n`;
  const choice = (delta: object, finish: string | null): object => ({
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  response.write(chunk(choice({ role: "assistant", content: text }, null)));
  response.write(chunk(choice({}, "stop")));
  const usage = { prompt_tokens: 20, completion_tokens: tokens, total_tokens: 20 + tokens };
  response.write(chunk({ choices: [], usage }));
  response.end("data: [DONE]\n\n");
};
