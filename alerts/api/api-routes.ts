import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import type { AlertDeps, AlertRoute } from "./alert-routes.ts";
import { alertRouteOf, answerAlerts } from "./alert-routes.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import type { ArgoDeps } from "./argo-routes.ts";
import { answerArgo } from "./argo-routes.ts";
import type { BaselineDeps } from "./baseline-routes.ts";
import { blessBaseline, clearBaseline, listBaselines } from "./baseline-routes.ts";
import type { CanaryAction, CanaryDeps } from "./canary-routes.ts";
import { actOnCanary, canaryActions, listCanaries, showCanary, startCanaryOf } from "./canary-routes.ts";
import type { FlaggerHook } from "./flagger.ts";
import { flaggerHooks } from "./flagger.ts";
import type { FlaggerDeps } from "./flagger-routes.ts";
import { answerFlagger } from "./flagger-routes.ts";
import type { KayentaDeps } from "./kayenta-routes.ts";
import { answerConfigs, answerExecution, answerJudge, answerStart } from "./kayenta-routes.ts";
import type { PrometheusDeps } from "./prometheus-routes.ts";
import { answerQuery } from "./prometheus-routes.ts";
import { jsonReply } from "./replies.ts";

/** What requests are answered with. */
export interface RouteDeps
  extends AlertDeps,
    CanaryDeps,
    BaselineDeps,
    FlaggerDeps,
    ArgoDeps,
    KayentaDeps,
    PrometheusDeps {
  readonly rollouts: CanaryDeps["rollouts"] & FlaggerDeps["rollouts"];
  readonly desk: Pick<VerdictDesk, "list">;
}

/** What a path asks for. `asked` is one of few words, to count requests by. */
export type ApiRoute = { readonly methods: readonly ("GET" | "POST")[] } & (
  | { readonly asked: "canaries" | "baselines" | "verdicts" | "query" | "argo" | "judge" | "configs" }
  | AlertRoute
  | { readonly asked: "canary"; readonly id: string; readonly action: CanaryAction | null }
  | { readonly asked: "flagger"; readonly hook: FlaggerHook }
  | { readonly asked: "baseline"; readonly id: string }
  | { readonly asked: "kayenta"; readonly id: string }
);

/** Whether a path is one of this API's. */
export const isApiPath = (path: string): boolean => routeOf(path) !== null;

/** What a path asks for; null when it belongs to somebody else. */
export const routeOf = (path: string): ApiRoute | null => {
  const parts = path.split("/").slice(1).map(decode);
  const [first = "", second = "", third = "", fourth = "", ...more] = parts;
  const depth = [first, second, third, fourth].findLastIndex((part) => part !== "") + 1;
  const places = `${first}/${second}`;
  if (more.length > 0 || path.endsWith("/")) return null;
  if (depth === 1) return rootRoute(first);
  if (depth === 2 && first === "canary") return { asked: "kayenta", methods: ["GET", "POST"], id: second };
  if (places === "api/verdicts" && depth === 2) return { asked: "verdicts", methods: ["GET"] };
  if (places === "api/baselines") return baselineRoute({ depth, id: third, action: fourth });
  if (places === "api/canaries") return canaryRoute({ depth, id: third, action: fourth });
  if (places === "hooks/flagger" && depth === 3) return flaggerRoute(third);
  if (path === "/api/v1/query") return { asked: "query", methods: ["GET"] };
  return path === "/v1/canary/verdict" ? { asked: "argo", methods: ["POST"] } : alertRouteOf(parts);
};

const rootRoute = (name: string): ApiRoute | null => {
  if (name === "canaryConfig") return { asked: "configs", methods: ["GET"] };
  return name === "judge" ? { asked: "judge", methods: ["POST"] } : null;
};

const baselineRoute = (at: Place): ApiRoute | null => {
  if (at.depth === 2) return { asked: "baselines", methods: ["GET", "POST"] };
  return at.depth === 4 && at.action === "clear" ? { asked: "baseline", methods: ["POST"], id: at.id } : null;
};

interface Place {
  readonly depth: number;
  readonly id: string;
  readonly action: string;
}

const canaryRoute = (at: Place): ApiRoute | null => {
  if (at.depth === 2) return { asked: "canaries", methods: ["GET", "POST"] };
  if (at.depth === 3) return { asked: "canary", methods: ["GET"], id: at.id, action: null };
  const action = canaryActions.find((known) => known === at.action);
  return action === undefined ? null : { asked: "canary", methods: ["POST"], id: at.id, action };
};

const flaggerRoute = (name: string): ApiRoute | null => {
  const hook = flaggerHooks.find((known) => known === name);
  return hook === undefined ? null : { asked: "flagger", methods: ["POST"], hook };
};

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Answers a request whose method its path allows; it rejects with the errors of what was asked. */
export const answerRoute = async (deps: RouteDeps, route: ApiRoute, request: ApiRequest): Promise<ApiReply> => {
  const isPost = request.method === "POST";
  switch (route.asked) {
    case "canaries":
      return isPost ? startCanaryOf(deps, request) : listCanaries(deps);
    case "baselines":
      return isPost ? blessBaseline(deps, request) : listBaselines(deps);
    case "baseline":
      return clearBaseline(deps, { id: route.id, request });
    case "canary":
      return route.action === null
        ? showCanary(deps, route.id)
        : actOnCanary(deps, { id: route.id, action: route.action, request });
    case "verdicts":
      return jsonReply(200, { verdicts: deps.desk.list() });
    case "flagger":
      return answerFlagger(deps, route.hook, request);
    case "query":
      return answerQuery(deps, request);
    case "argo":
      return answerArgo(deps, request);
    case "configs":
      return answerConfigs(deps);
    case "kayenta":
      return isPost ? answerStart(deps, request) : answerExecution(deps, route.id);
    case "judge":
      return answerJudge(request);
    case "alerts":
    case "silences":
    case "silence":
    case "letters":
    case "letter":
    case "alertmanager":
      return answerAlerts(deps, route, request);
  }
};
