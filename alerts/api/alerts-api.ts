import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Baselines } from "../baselines/baselines.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import type { RolloutsConfig } from "../rollouts/rollouts-config.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import type { ApiConfig } from "./api-config.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import type { ApiRoute, RouteDeps } from "./api-routes.ts";
import { answerRoute, routeOf } from "./api-routes.ts";
import { createJudgementOf } from "./canary-view.ts";
import { createChangeBudget } from "./change-budget.ts";
import { guardRequest } from "./guard-request.ts";
import { errorReply, replyToError } from "./replies.ts";

/** What the API of canaries works with. */
export interface AlertsApiDeps extends Pick<RouteDeps, "delivery" | "outside"> {
  readonly rollouts: Pick<Rollouts, "list" | "find" | "start" | "abort" | "promote" | "recordEval" | "pass">;
  readonly desk: Pick<VerdictDesk, "list">;
  readonly baselines: Baselines;
  readonly config: ApiConfig;
  readonly canaries: Pick<RolloutsConfig, "plans">;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** Answers a request, or null when its path belongs to somebody else; it rejects with what is no fault of the caller. */
export type AlertsApi = (request: ApiRequest) => Promise<ApiReply | null>;

/** Creates the API of canaries and verdicts, and the hooks of those who shift traffic themselves; whoever has a server mounts it. */
export const createAlertsApi = (deps: AlertsApiDeps): AlertsApi => {
  const { clock, config, meter } = deps;
  const spend = createChangeBudget(clock, config.changesPerSecond);
  const routeDeps = { ...deps, judgementOf: createJudgementOf(), spend };
  return async (request) => {
    const route = routeOf(request.path);
    if (route === null) {
      return null;
    }
    const reply = await answer(routeDeps, route, request);
    meter.add("apiRequests", 1, { asked: route.asked, status: String(reply.status) });
    return reply;
  };
};

const answer = async (
  deps: RouteDeps & Pick<AlertsApiDeps, "config">,
  route: ApiRoute,
  request: ApiRequest,
): Promise<ApiReply> => {
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (!route.methods.some((known) => known === method)) {
    const refused = errorReply("http.method_not_allowed", `${request.path} does not answer ${request.method}.`);
    return { ...refused, headers: { allow: route.methods.join(", ") } };
  }
  try {
    if (method !== "GET" || route.asked === "kayenta") {
      guardRequest(request, { config: deps.config, asked: route.asked });
    }
    return await answerRoute(deps, route, { ...request, method });
  } catch (error) {
    const reply = replyToError(error);
    if (reply === null) {
      throw error;
    }
    return reply;
  }
};
