import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { createServer } from "node:http";

/** A request as a hook has received it. */
export interface HookRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a hook answers; `hang` never does. */
export type HookAnswer = { readonly status: number; readonly headers?: Record<string, string> } | "hang";

/** An HTTP server on loopback that keeps what it is sent. */
export interface Hook {
  readonly url: string;
  readonly requests: () => readonly HookRequest[];
  /** Resolves when it has received so many requests in all. */
  readonly received: (count: number) => Promise<readonly HookRequest[]>;
  /** Sets what it answers from now on; it begins with 200. */
  readonly answers: (answer: (request: HookRequest, index: number) => HookAnswer) => void;
  readonly close: () => Promise<void>;
}

/** Opens a hook on a port that the system gives. */
export const openHook = async (): Promise<Hook> => {
  const requests: HookRequest[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let answerOf: (request: HookRequest, index: number) => HookAnswer = () => ({ status: 200 });
  const server = createServer((request, response) => {
    const receive = async (): Promise<void> => {
      const received = { path: request.url ?? "", headers: request.headers, body: await textOf(request) };
      requests.push(received);
      const answer = answerOf(received, requests.length - 1);
      if (answer !== "hang") response.writeHead(answer.status, answer.headers).end("ok");
      const done = waiting.filter(({ count }) => count <= requests.length);
      waiting = waiting.filter(({ count }) => count > requests.length);
      for (const { resolve } of done) resolve();
    };
    receive().catch(() => response.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    requests: () => requests,
    received: async (count) => {
      if (requests.length < count) {
        await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      }
      return requests;
    },
    answers: (answer) => {
      answerOf = answer;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
};
