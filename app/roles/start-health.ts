import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Running, Runtime } from "../runtime.ts";

/**
 * Serves `/metrics`, `/healthz` and `/readyz` on the console's port, for a process that runs processors and no console.
 */
export const startHealth = async (runtime: Runtime): Promise<Running> => {
  const { meter, settings } = runtime;
  const { host, port } = settings.config.console;
  const server = createServer((request, response) => {
    answer(request.url ?? "/", response, meter.text).catch(() => response.destroy());
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
