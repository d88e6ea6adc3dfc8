import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { EmbeddedStore } from "./clickhouse.ts";
import type { EmbeddedStoreConfig } from "./config.ts";
import type { HttpAnswer } from "./http-answer.ts";
import { send, thrownAnswer } from "./http-answer.ts";
import { parseRequest } from "./http-request.ts";
import { createRunner } from "./http-runner.ts";

/** What the endpoint works with. */
export interface EndpointDeps {
  readonly store: EmbeddedStore;
  readonly config: EmbeddedStoreConfig["http"];
  readonly log: Log;
}

/** ClickHouse's HTTP protocol for readers of the embedded store, and for a writer where one is configured. */
export interface HttpEndpoint {
  /** Starts to listen; resolves with the address. Rejects with `port.in_use`. */
  readonly listen: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/**
 * Longest time for a request to come whole. An insert that a network held back for longer is not made, so that a writer who
 * has given up on it is not surprised much later.
 */
const requestMs = 60_000;

/** Makes the endpoint. */
export const createHttpEndpoint = (deps: EndpointDeps): HttpEndpoint => {
  const { config, log } = deps;
  const run = createRunner(deps);
  const server = createServer({ requestTimeout: requestMs }, (request, response) => {
    void handle({ run, config, log }, request, response);
  });
  return {
    listen: async () => {
      await listenOn(server, config);
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : config.port;
      return `http://${config.host}:${port}`;
    },
    close: async () => {
      server.closeAllConnections();
      if (server.listening) {
        server.close();
        await once(server, "close");
      }
    },
  };
};

const listenOn = async (server: Server, { host, port }: EmbeddedStoreConfig["http"]): Promise<void> => {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new PlumblineError(
      "port.in_use",
      `the store's SQL port ${host}:${port} cannot be listened on: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
};

interface Handling extends Pick<EndpointDeps, "config" | "log"> {
  readonly run: ReturnType<typeof createRunner>;
}

const handle = async (deps: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const queryId = queryIdOf(request) ?? randomUUID();
  response.setHeader("X-ClickHouse-Query-Id", queryId);
  response.setHeader("X-ClickHouse-Server-Display-Name", "plumbline");
  response.setHeader("X-ClickHouse-Timezone", "UTC");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const answer = await answerTo(deps, request, gone.signal);
  await send(response, answer).catch((error: unknown) =>
    deps.log.warn({ err: messageOf(error), queryId }, "an answer could not be sent"),
  );
};

/** The id that a client gives its statement, where it is one that can stand in a header. */
const queryIdOf = (request: IncomingMessage): string | null => {
  const given = new URL(request.url ?? "/", "http://localhost").searchParams.get("query_id") ?? "";
  return /^[\w:.-]{1,256}$/.test(given) ? given : null;
};

const answerTo = async (deps: Handling, request: IncomingMessage, signal: AbortSignal): Promise<HttpAnswer> => {
  try {
    return await deps.run(await parseRequest(request, deps.config), signal);
  } catch (error) {
    return thrownAnswer(error);
  }
};
