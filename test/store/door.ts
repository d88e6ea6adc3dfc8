import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { request as ask, createServer } from "node:http";

/**
 * What a door does with a request: let it through; cut the connection; keep silent; let it through and keep the answer; keep
 * the request, whole, until it is delivered; or answer like a load balancer that has no server.
 */
export type Passage = "pass" | "refuse" | "silent" | "no answer" | "hold" | "busy";

/** A request as it came, whole. */
export interface DoorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** The statement: from the address, or the body where the address has none. */
  readonly sql: string;
}

/** An HTTP door in front of a server. */
export interface Door {
  readonly url: string;
  /** Decides about each request; lets every one pass until it is set. */
  readonly set: (decide: (request: DoorRequest) => Passage) => void;
  /** Requests that were held back and not delivered yet. */
  readonly held: () => number;
  /** Delivers what was held back, the latest first, though nobody waits for it any more; resolves with the statuses. */
  readonly deliver: () => Promise<readonly number[]>;
  readonly close: () => Promise<void>;
}

/** Opens a door in front of the server that is at `targetOf()` at the time. */
export const openDoor = async (targetOf: () => string): Promise<Door> => {
  let decide: (request: DoorRequest) => Passage = () => "pass";
  const held: DoorRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const whole = await wholeOf(request);
    switch (decide(whole)) {
      case "pass":
        await answerWith(response, await forward(targetOf(), whole));
        return;
      case "refuse":
        response.destroy();
        return;
      case "silent":
        return;
      case "no answer":
        await forward(targetOf(), whole);
        return;
      case "hold":
        held.push(whole);
        return;
      case "busy":
        response.writeHead(503, { "content-type": "text/html" }).end("<html>503 Service Unavailable</html>");
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the door has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    set: (next) => {
      decide = next;
    },
    held: () => held.length,
    deliver: async () => {
      const statuses: number[] = [];
      for (const each of held.splice(0).toReversed()) {
        statuses.push((await forward(targetOf(), each)).status);
      }
      return statuses;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

const wholeOf = async (request: IncomingMessage): Promise<DoorRequest> => {
  const body = Buffer.concat(await request.toArray());
  const { method = "GET", url = "/", headers } = request;
  const sql = new URL(url, "http://localhost").searchParams.get("query") ?? body.toString();
  return { method, url, headers, body, sql };
};

const forward = async (target: string, { method, url, headers, body }: DoorRequest): Promise<Answer> => {
  const { "transfer-encoding": _, ...rest } = headers;
  const sent = ask(new URL(url, target), { method, headers: { ...rest, "content-length": body.length }, agent: false });
  sent.end(body);
  const [response] = await once(sent, "response");
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(await response.toArray()) };
};

const answerWith = async (response: ServerResponse, { status, headers, body }: Answer): Promise<void> => {
  const { "transfer-encoding": _, connection: __, "keep-alive": ___, ...rest } = headers;
  response.writeHead(status, { ...rest, "content-length": body.length });
  response.end(body);
  await once(response, "close");
};
