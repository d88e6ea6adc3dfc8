import { PlumblineError } from "../../core/errors.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { allAlerts, isFiring } from "../delivery/group.ts";
import type { DeadLetter } from "../delivery/memory.ts";
import type { ReceiveDeps } from "../delivery/receive-alerts.ts";
import { receiveAlerts } from "../delivery/receive-alerts.ts";
import { silenceRequest, silencerOf } from "../delivery/silences.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import { anyJson, parseBody } from "./parse-body.ts";
import { jsonReply } from "./replies.ts";

/** What requests about alerts are answered with. */
export interface AlertDeps {
  readonly delivery: Pick<Delivery, "silence" | "endSilence" | "silences" | "deadLetters" | "revive"> &
    ReceiveDeps["delivery"];
  readonly outside: Omit<ReceiveDeps, "delivery">;
  readonly spend: () => void;
}

/** What a path about alerts asks for. */
export type AlertRoute =
  | { readonly asked: "alerts" | "silences" | "letters" | "alertmanager" }
  | { readonly asked: "silence" | "letter"; readonly id: string };

type Routed = AlertRoute & { readonly methods: readonly ("GET" | "POST")[] };

/** What a path asks for, by its parts; null when it is not about alerts. */
export const alertRouteOf = (parts: readonly string[]): Routed | null => {
  const [first, second, id = "", action] = parts;
  const place = `${first}/${second}`;
  if (parts.length === 2) return listRoute(place);
  if (parts.length !== 4 || id === "") return null;
  if (place === "api/silences" && action === "end") return { asked: "silence", methods: ["POST"], id };
  return place === "api/dead-letters" && action === "redeliver" ? { asked: "letter", methods: ["POST"], id } : null;
};

const listRoute = (place: string): Routed | null => {
  switch (place) {
    case "api/alerts":
      return { asked: "alerts", methods: ["GET"] };
    case "api/silences":
      return { asked: "silences", methods: ["GET", "POST"] };
    case "api/dead-letters":
      return { asked: "letters", methods: ["GET"] };
    case "hooks/alertmanager":
      return { asked: "alertmanager", methods: ["POST"] };
    default:
      return null;
  }
};

/** Answers a request about alerts; it rejects with the errors of what was asked. */
export const answerAlerts = async (deps: AlertDeps, route: AlertRoute, request: ApiRequest): Promise<ApiReply> => {
  const { delivery, spend } = deps;
  switch (route.asked) {
    case "alerts":
      return jsonReply(200, { alerts: alertsView(deps) });
    case "silences":
      return request.method === "POST" ? addSilence(deps, request) : jsonReply(200, { silences: delivery.silences() });
    case "silence":
      spend();
      return done(await delivery.endSilence(route.id), `There is no silence "${route.id}" that has not ended.`);
    case "letters":
      return jsonReply(200, { deadLetters: delivery.deadLetters().toReversed().map(letterView) });
    case "letter":
      spend();
      return done(await delivery.revive(route.id), `There is no dead letter "${route.id}".`);
    case "alertmanager":
      return takeAlerts(deps, request);
  }
};

const addSilence = async ({ delivery, outside, spend }: AlertDeps, request: ApiRequest): Promise<ApiReply> => {
  const { startsAtMs = outside.clock.nowMs(), ...asked } = parseBody(newSilence, request);
  spend();
  const result = await delivery.silence({ ...asked, startsAtMs });
  if (!result.ok) {
    throw new PlumblineError("http.invalid_request", `endsAtMs: ${result.message}`);
  }
  return jsonReply(201, result.silence);
};

/** One that names no start begins at once. */
const newSilence = silenceRequest.extend({ startsAtMs: silenceRequest.shape.startsAtMs.optional() });

const takeAlerts = async ({ delivery, outside, spend }: AlertDeps, request: ApiRequest): Promise<ApiReply> => {
  const payload = parseBody(anyJson, request);
  spend();
  const { ok, ...rest } = await receiveAlerts({ ...outside, delivery }, payload);
  if (!ok) {
    throw new PlumblineError("http.invalid_request", "message" in rest ? rest.message : "");
  }
  return jsonReply(200, rest);
};

const done = (isDone: boolean, message: string): ApiReply => {
  if (!isDone) {
    throw new PlumblineError("delivery.unknown", message);
  }
  return jsonReply(200, {});
};

/** The alerts that delivery holds, with the silence that each falls under; null where it falls under none. */
const alertsView = ({ delivery, outside }: AlertDeps) => {
  const nowMs = outside.clock.nowMs();
  const silencedBy = silencerOf(new Map(delivery.silences().map((each) => [each.id, each])), nowMs);
  return allAlerts(delivery.groups()).map((alert) => ({
    fingerprint: alert.fingerprint,
    labels: alert.labels,
    annotations: alert.annotations,
    status: isFiring(alert, nowMs) ? "firing" : "resolved",
    startsAtMs: alert.startsAtMs,
    generatorUrl: alert.generatorUrl,
    silencedBy: silencedBy(alert.labels),
  }));
};

const letterView = ({ notification, atMs, reason, says, tries }: DeadLetter) => ({
  id: notification.id,
  receiver: notification.receiver,
  groupLabels: notification.groupLabels,
  alerts: notification.alerts.map(({ labels, status }) => ({ labels, status })),
  ...{ atMs, reason, says, tries },
});
