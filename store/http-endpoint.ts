import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { EmbeddedStore, RawQuery } from "./clickhouse.ts";
import type { EmbeddedStoreConfig } from "./config.ts";
import type { HttpAnswer } from "./http-request.ts";
import { parseRequest } from "./http-request.ts";
import { nativeBlocksOf } from "./native-blocks.ts";
import { refuseUnlessReadOnly } from "./read-only-sql.ts";

/** What the endpoint works with. */
export interface EndpointDeps {
  readonly store: EmbeddedStore;
  readonly config: EmbeddedStoreConfig["http"];
  readonly log: Log;
}

/** ClickHouse's HTTP protocol for readers of the embedded store. */
export interface HttpEndpoint {
  /** Starts to listen; resolves with the address. Rejects with `port.in_use`. */
  readonly listen: () => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Statements that run at once; more wait their turn, so that readers leave the engine's threads to inserts. */
const maxConcurrent = 4;

/** ClickHouse's error code READONLY. */
const readOnly = 164;

/** Makes the endpoint. Everything it runs is read-only, whoever asks. */
export const createHttpEndpoint = (deps: EndpointDeps): HttpEndpoint => {
  const { config } = deps;
  const turns = new Turns(maxConcurrent);
  const server = createServer((request, response) => {
    void handle({ ...deps, turns }, request, response);
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

interface Handling extends EndpointDeps {
  readonly turns: Turns;
}

const handle = async (deps: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const queryId = randomUUID();
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

const answerTo = async (deps: Handling, request: IncomingMessage, signal: AbortSignal): Promise<HttpAnswer> => {
  try {
    const parsed = await parseRequest(request, deps.config);
    if (parsed.kind === "answer") {
      return parsed.answer;
    }
    const refusal = refuseUnlessReadOnly(parsed.query.sql);
    if (refusal !== null) {
      return errorAnswer(
        refusal.code === readOnly ? 403 : 400,
        `Code: ${refusal.code}. DB::Exception: ${refusal.reason}. (${refusal.code === readOnly ? "READONLY" : "SYNTAX_ERROR"})`,
      );
    }
    const bytes = await deps.turns.run(() => limited(deps, { ...parsed.query, signal }));
    return {
      status: 200,
      headers: parsed.headers,
      body: nativeBlocksOf(bytes, parsed.revision),
      isGzip: parsed.isGzip,
    };
  } catch (error) {
    return errorAnswer(statusOf(error), engineMessage(error));
  }
};

const limited = async ({ store, config }: Handling, query: RawQuery): Promise<Buffer> => {
  const asked = Number(query.settings["max_execution_time"]);
  const seconds = asked > 0 ? Math.min(asked, config.maxExecutionSeconds) : config.maxExecutionSeconds;
  const settings = {
    ...query.settings,
    max_execution_time: String(seconds),
    max_result_bytes: String(config.maxResultBytes),
    result_overflow_mode: "throw",
  };
  return await store.rawQuery({ ...query, settings });
};

const errorAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: {
    "Content-Type": "text/plain; charset=UTF-8",
    "X-ClickHouse-Exception-Code": /^Code: (\d+)/.exec(message)?.[1] ?? "1002",
  },
  body: Buffer.from(`${message}\n`),
  isGzip: false,
});

/** The engine's message as the real server words it. */
const engineMessage = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
  return /^Code: \d+/.test(cause) ? cause : `Code: 1002. DB::Exception: ${messageOf(error)}`;
};

const statusOf = (error: unknown): number => {
  const code = Number(/^Code: (\d+)/.exec(engineMessage(error))?.[1]);
  if (code === readOnly) {
    return 403;
  }
  return code === 60 || code === 81 ? 404 : 400;
};

const compress = promisify(gzip);

const send = async (response: ServerResponse, answer: HttpAnswer): Promise<void> => {
  const body = answer.isGzip ? await compress(answer.body) : answer.body;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.isGzip ? { "Content-Encoding": "gzip" } : {}),
    "Content-Length": body.length,
  });
  response.end(body);
};

/** Lets a fixed number of tasks run at once; the others wait in order. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free === 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#free -= 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#free += 1;
      } else {
        next();
      }
    }
  }
}
