import type { RequestListener, ServerResponse } from "node:http";
import type { Express, Request, Response } from "express";
import express from "express";
import { callIdHeader } from "./answer-headers.ts";
import { serveCall } from "./chat-handler.ts";
import { feedbackPath, takeFeedback } from "./feedback/take-feedback.ts";
import type { GatewayState } from "./gateway-state.ts";
import type { Handler } from "./guarded.ts";
import { guarded } from "./guarded.ts";
import { checkKey } from "./keys/check-key.ts";
import { mayAskFor } from "./keys/check-scope.ts";
import { openApiDocument } from "./openapi/openapi-document.ts";
import { policyReport } from "./policy/policy-report.ts";
import type { Target } from "./route-table.ts";
import { listModels } from "./route-table.ts";
import { requestId, sendRefusal } from "./send-refusal.ts";
import { chatSurface } from "./surfaces/chat-surface.ts";
import { embeddingsSurface } from "./surfaces/embeddings-surface.ts";
import { messagesSurface } from "./surfaces/messages-surface.ts";
import { responsesSurface } from "./surfaces/responses-surface.ts";
import type { Surface } from "./surfaces/surface.ts";

/** Every surface. */
const surfaces: readonly Surface[] = [chatSurface, messagesSurface, responsesSurface, embeddingsSurface];
const modelsPath = "/v1/models";

/**
 * Everything the gateway serves over HTTP. Calls do not pass through express, which takes longer to make a request its own and to
 * find a path than it takes to plan a call; one whose path is written in another way does.
 */
export const createListener = (state: GatewayState): RequestListener => {
  const app = createHttpApp(state);
  const calls = new Map(surfaces.map((surface) => [surface.path, callHandler(state, surface)]));
  return (request, response) => {
    const serve = request.method === "POST" ? calls.get(request.url ?? "") : undefined;
    if (serve === undefined) {
      app(request, response);
    } else {
      void serve(request, response);
    }
  };
};

const callHandler = (state: GatewayState, surface: Surface): Handler =>
  guarded(state, (request, response) => serveCall(state, { surface, request, response }), surface);

const createHttpApp = (state: GatewayState): Express => {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  for (const surface of surfaces) {
    app.post(surface.path, callHandler(state, surface));
    app.all(surface.path, (request, response) => refuseMethod(state, { request, response, allow: "POST", surface }));
  }
  app.get(modelsPath, (request, response) => {
    const isAnthropic = request.headers["anthropic-version"] !== undefined;
    const checked = checkKey(state.keys, { headers: request.headers, takesApiKey: isAnthropic }, state.clock.nowMs());
    if (!checked.ok) {
      const surface = isAnthropic ? messagesSurface : chatSurface;
      sendRefusal(response, checked.refusal, { ...state, options: { surface } });
      return;
    }
    const { key } = checked;
    const ids = listModels(state.routes).filter((id) => key === null || mayAskFor(key, id));
    sendJson(state, response, { body: isAnthropic ? anthropicModels(ids) : modelList(ids) });
  });
  app.post(feedbackPath, guarded(state, takeFeedback(state)));
  app.get("/healthz", (_request, response) => sendJson(state, response, { body: { status: "ok" } }));
  app.get("/readyz", (_request, response) => sendJson(state, response, readiness(state)));
  const openApi = openApiDocument(surfaces);
  app.get("/openapi.json", (_request, response) =>
    sendText(state, response, { status: 200, type: "application/json", text: openApi }),
  );
  app.get("/policy", (_request, response) =>
    sendJson(state, response, { body: policyReport(state.policy, state.clock.nowMs(), healthOf(state)) }),
  );
  app.get(
    "/metrics",
    guarded(state, async (_request, response) => {
      const text = await state.metricsText();
      sendText(state, response, { status: 200, type: "text/plain; version=0.0.4; charset=utf-8", text });
    }),
  );
  for (const [path, allow] of [
    [modelsPath, "GET, HEAD"],
    [feedbackPath, "POST"],
    ["/healthz", "GET, HEAD"],
    ["/readyz", "GET, HEAD"],
    ["/metrics", "GET, HEAD"],
    ["/policy", "GET, HEAD"],
    ["/openapi.json", "GET, HEAD"],
  ] as const) {
    app.all(path, (request, response) => refuseMethod(state, { request, response, allow, surface: chatSurface }));
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
  response: ServerResponse,
  answer: { readonly status: number; readonly type: string; readonly text: string },
): void => {
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "content-length": Buffer.byteLength(answer.text),
    [callIdHeader]: requestId(state.random),
  });
  response.end(answer.text);
};

const healthOf =
  (state: GatewayState) =>
  (target: Target): unknown => {
    const known = state.health.of(target);
    const nowMs = state.clock.monotonicMs();
    const keys = state.keyRings.get(target.provider)?.report(nowMs) ?? null;
    return { breaker: known.stateAt(nowMs), underWay: known.underWay, latencyMs: known.latencyMs, keys };
  };

const modelList = (ids: readonly string[]): unknown => ({
  object: "list",
  data: ids.map((id) => ({ id, object: "model", created: 0, owned_by: "plumbline" })),
});

/** The same for a client of Anthropic's, which says so by its version header. */
const anthropicModels = (ids: readonly string[]): unknown => {
  return {
    data: ids.map((id) => ({ type: "model", id, display_name: id, created_at: "1970-01-01T00:00:00Z" })),
    has_more: false,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
  };
};

const readiness = (state: GatewayState): JsonAnswer => {
  const room = state.hasRoom();
  if (state.isDraining()) {
    return { status: 503, body: { status: "draining" } };
  }
  return room.ok ? { body: { status: "ready" } } : { status: 503, body: { status: "full", reason: room.reason } };
};

const refuseMethod = (
  state: GatewayState,
  args: {
    readonly request: Request;
    readonly response: Response;
    readonly allow: string;
    readonly surface: Surface;
  },
): void => {
  const { request, response, allow, surface } = args;
  const message = `${request.path} does not accept ${request.method}: use ${allow}.`;
  const refusal = { code: "request.unknown_path", message, param: null } as const;
  sendRefusal(response, refusal, { ...state, options: { status: 405, headers: { allow }, surface } });
};

const refusePath = (state: GatewayState, request: Request, response: Response): void => {
  const posts = [...surfaces.map(({ path }) => path), feedbackPath].join(", ");
  const message = `There is no ${request.method} ${request.path}: see POST ${posts} and GET ${modelsPath}.`;
  sendRefusal(response, { code: "request.unknown_path", message, param: null }, state);
};
