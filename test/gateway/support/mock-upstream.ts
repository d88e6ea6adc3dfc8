import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** A request as the upstream got it. */
export interface UpstreamRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What an upstream does with a request; faults are whatever it does to the response. */
export type UpstreamScript = (response: ServerResponse, request: UpstreamRequest) => void | Promise<void>;

/** A provider on a socket of its own. */
export interface MockUpstream {
  readonly port: number;
  readonly requests: readonly UpstreamRequest[];
  /** Sets what the next requests get. */
  readonly script: (script: UpstreamScript) => void;
  /** Resolves when a request has come whole and nobody has been told of it yet. */
  readonly nextRequest: () => Promise<UpstreamRequest>;
  readonly close: () => Promise<void>;
}

/** Starts an upstream that answers as its script says. */
export const startUpstream = async (first: UpstreamScript): Promise<MockUpstream> => {
  const requests: UpstreamRequest[] = [];
  const untold: UpstreamRequest[] = [];
  const waiting: ((request: UpstreamRequest) => void)[] = [];
  let script = first;
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = { url: incoming.url ?? "", headers: incoming.headers, body: await buffer(incoming) };
    requests.push(request);
    const tell = waiting.shift();
    if (tell === undefined) {
      untold.push(request);
    } else {
      tell(request);
    }
    await script(response, request);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    requests,
    script: (next) => {
      script = next;
    },
    nextRequest: () =>
      new Promise((resolve) => {
        const request = untold.shift();
        if (request === undefined) {
          waiting.push(resolve);
        } else {
          resolve(request);
        }
      }),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

/** Answers with one JSON body. */
export const answerJson =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): UpstreamScript =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

/** Answers with an event stream of the given chunks, each its own write, and ends it. */
export const answerStream =
  (chunks: readonly (string | Buffer)[]): UpstreamScript =>
  (response) => {
    startStream(response);
    for (const chunk of chunks) {
      response.write(chunk);
    }
    response.end();
  };

/** Sends the head of an event stream. */
export const startStream = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
};
