import type { Express, Request, Response } from "express";
import express from "express";
import type { ErrorCode } from "../core/errors.ts";
import { PlumblineError } from "../core/errors.ts";
import { callIdHeader } from "./answer-headers.ts";
import { serveChat } from "./chat-handler.ts";
import type { GatewayState } from "./gateway-state.ts";
import { policyReport } from "./policy/policy-report.ts";
import { listModels } from "./route-table.ts";
import { requestId, sendRefusal } from "./send-refusal.ts";

const chatPath = "/v1/chat/completions";
const modelsPath = "/v1/models";

/** Everything the gateway serves over HTTP. Calls come first: no other handler runs before theirs. */
export const createHttpApp = (state: GatewayState): Express => {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.post(
    chatPath,
    guarded(state, (request, response) => serveChat(state, request, response)),
  );
  app.get(modelsPath, (_request, response) => sendJson(state, response, { body: modelList(state) }));
  app.get("/healthz", (_request, response) => sendJson(state, response, { body: { status: "ok" } }));
  app.get("/readyz", (_request, response) => sendJson(state, response, readiness(state)));
  app.get("/policy", (_request, response) =>
    sendJson(state, response, { body: policyReport(state.policy, state.clock.nowMs()) }),
  );
  app.get(
    "/metrics",
    guarded(state, async (_request, response) => {
      const text = await state.metricsText();
      sendText(state, response, { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", text });
    }),
  );
  for (const [path, allow] of [
    [chatPath, "POST"],
    [modelsPath, "GET, HEAD"],
    ["/healthz", "GET, HEAD"],
    ["/readyz", "GET, HEAD"],
    ["/metrics", "GET, HEAD"],
    ["/policy", "GET, HEAD"],
  ] as const) {
    app.all(path, (request, response) => refuseMethod(state, { request, response, allow }));
  }
  app.use((request, response) => refusePath(state, request, response));
  return app;
};

interface JsonAnswer {
  readonly status?: number;
  readonly body: unknown;
}

const sendJson = (state: GatewayState, response: Response, { status = 200, body }: JsonAnswer): void =>
  sendText(state, response, { status, type: "application/json", text: JSON.stringify(body) });

const sendText = (
  state: GatewayState,
  response: Response,
  answer: { readonly status: number; readonly type: string; readonly text: string },
): void => {
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "content-length": Buffer.byteLength(answer.text),
    [callIdHeader]: requestId(state.random),
  });
  response.end(answer.text);
};

const modelList = (state: GatewayState): unknown => ({
  object: "list",
  data: listModels(state.routes).map((id) => ({ id, object: "model", created: 0, owned_by: "plumbline" })),
});

const readiness = (state: GatewayState): JsonAnswer => {
  const room = state.hasRoom();
  if (state.isDraining()) {
    return { status: 503, body: { status: "draining" } };
  }
  return room.ok ? { body: { status: "ready" } } : { status: 503, body: { status: "full", reason: room.reason } };
};

const refuseMethod = (
  state: GatewayState,
  args: { readonly request: Request; readonly response: Response; readonly allow: string },
): void => {
  const { request, response, allow } = args;
  const message = `${request.path} does not accept ${request.method}: use ${allow}.`;
  const refusal = { code: "request.unknown_path", message, param: null } as const;
  sendRefusal(response, refusal, { ...state, options: { status: 405, headers: { allow } } });
};

const refusePath = (state: GatewayState, request: Request, response: Response): void => {
  const message = `There is no ${request.method} ${request.path}: see POST ${chatPath} and GET ${modelsPath}.`;
  sendRefusal(response, { code: "request.unknown_path", message, param: null }, state);
};

type Handler = (request: Request, response: Response) => void | Promise<void>;

/** A handler whose failures are answered here: the application itself would answer them with a page of HTML. */
const guarded =
  (state: GatewayState, handle: Handler): Handler =>
  async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      state.log.error({ err: error }, "a request failed inside the gateway");
      if (response.headersSent) {
        response.destroy();
      } else {
        sendRefusal(response, { code: codeOf(error), message: "A defect in the gateway.", param: null }, state);
      }
    }
  };

const codeOf = (error: unknown): ErrorCode => (error instanceof PlumblineError ? error.code : "gateway.internal");
