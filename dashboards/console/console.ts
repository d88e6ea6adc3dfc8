import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { ConsoleConfig } from "../config.ts";
import { overview } from "../overview.ts";
import type { Ask } from "./answers.ts";
import { boundAsk } from "./answers.ts";
import { loadAssets } from "./assets.ts";
import type { Extra } from "./extra.ts";
import { answerExtra } from "./extra.ts";
import type { TryNext } from "./page/page-model.ts";
import { pageModel } from "./page-model.ts";
import type { Reply } from "./reply.ts";
import { errorReply, replyToError, send } from "./reply.ts";
import type { RouteDeps } from "./routes.ts";
import { route } from "./routes.ts";

/** What the console needs. */
export interface ConsoleDeps {
  /** Asks the store; a rejection with `store.unavailable` becomes 503. */
  readonly ask: Ask;
  readonly config: ConsoleConfig;
  /** How far back it is looked when it is asked whether what is stored can be trusted. */
  readonly trustMinutes: number;
  /** Commands that the page suggests while there is no call to show. */
  readonly tryNext: readonly TryNext[];
  /** The text of `/metrics`, in Prometheus' format. */
  readonly metricsText: () => Promise<string>;
  /** Whether `/readyz` answers 200. */
  readonly isReady: () => boolean;
  /** Answers paths of other parts of the system, on the same port; absent where there is none. */
  readonly extra?: Extra;
  readonly log: Log;
  readonly clock: Clock;
}

/** The console: the live page and the API it reads, over HTTP. */
export interface Console {
  /** Resolves with the address it listens on, `http://host:port`; rejects with `port.in_use`. */
  readonly listen: () => Promise<string>;
  /** Stops listening, ends idle connections and waits for the answers under way. */
  readonly close: () => Promise<void>;
}

/** More than a page asks in one refresh, many times over; fewer than would hurt. */
const maxUnderWay = 64;

interface HandleDeps extends RouteDeps {
  readonly extra: Extra;
}

const handle = async (deps: HandleDeps, request: IncomingMessage): Promise<Reply> => {
  const url = URL.parse(request.url ?? "/", "http://console.invalid");
  if (url === null) {
    return errorReply(404, "http.unknown_path", "The path is no path.");
  }
  return (await answerExtra(deps.extra, request, url)) ?? route(deps, request.method ?? "GET", url);
};

const listenOn = (server: Server, host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === "EADDRINUSE";
      reject(isTaken ? new PlumblineError("port.in_use", `Port ${port} of ${host} is in use.`, { cause }) : cause);
    });
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${bound}`);
    });
  });

/** Creates the console; it reads its files and listens when `listen` is called. */
export const createConsole = (deps: ConsoleDeps): Console => {
  const { clock, config, isReady, log, metricsText, trustMinutes, tryNext, extra = async () => null } = deps;
  const ask = boundAsk({ ask: deps.ask, clock, deadlineMs: config.answerSeconds * 1000, maxUnderWay });
  const page = pageModel(overview, config.refreshSeconds, tryNext);
  const server = createServer();
  return {
    listen: async () => {
      const routes = { assets: await loadAssets(), page, ask, trustMinutes, clock, isReady, metricsText, extra };
      server.on("request", (request: IncomingMessage, response: ServerResponse) => {
        handle(routes, request)
          .catch((error: unknown) => {
            if (!(error instanceof PlumblineError))
              log.error({ err: error, url: request.url }, "the console failed to answer");
            return replyToError(error);
          })
          .then((reply) => {
            // While closing, a kept connection would hold up the end for as long as its client likes.
            if (!server.listening) response.shouldKeepAlive = false;
            send(response, reply);
          })
          .catch((error: unknown) => log.error({ err: error }, "the console failed to write an answer"));
      });
      return listenOn(server, config.host, config.port);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
};
