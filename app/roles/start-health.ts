import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Extra } from "../../dashboards/console/extra.ts";
import { answerExtra } from "../../dashboards/console/extra.ts";
import type { Reply } from "../../dashboards/console/reply.ts";
import { send } from "../../dashboards/console/reply.ts";
import type { Running, Runtime } from "../runtime.ts";

const none: Extra = async () => null;

/**
 * Serves `/metrics`, `/healthz` and `/readyz` on the console's port, and what other parts of the system answer there, for a process
 * that runs no console.
 */
export const startHealth = async (runtime: Runtime, extra: Extra = none): Promise<Running> => {
  const { log, meter, settings } = runtime;
  const { host, port } = settings.config.console;
  const server = createServer((request, response) => {
    reply(request, extra)
      .then((answered) =>
        answered === null ? answer(request.url ?? "/", response, meter.text) : send(response, answered),
      )
      .catch((error: unknown) => {
        log.error({ err: messageOf(error), url: request.url }, "a request was not answered");
        response.destroy();
      });
  });
  await listen(server, { host, port });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  return {
    lines: [`health    http://${host}:${bound}/readyz, metrics at /metrics`],
    stop: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
};

const reply = async (request: IncomingMessage, extra: Extra): Promise<Reply | null> => {
  const url = URL.parse(request.url ?? "/", "http://console.invalid");
  return url === null ? null : answerExtra(extra, request, url);
};

const answer = async (url: string, response: ServerResponse, metricsText: () => Promise<string>): Promise<void> => {
  const path = url.split("?", 1)[0];
  if (path === "/healthz" || path === "/readyz") {
    response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}\n');
  } else if (path === "/metrics") {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(await metricsText());
  } else {
    response
      .writeHead(404, { "content-type": "text/plain" })
      .end("this process serves /metrics, /healthz and /readyz\n");
  }
};

const listen = async (server: Server, at: { readonly host: string; readonly port: number }): Promise<void> => {
  server.listen(at.port, at.host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new PlumblineError("port.in_use", `${at.host}:${at.port}: ${messageOf(error)}`, { cause: error });
  }
};
