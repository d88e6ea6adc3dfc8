import type { Alert } from "../../core/alert.ts";
import type { Notification } from "./group.ts";
import type { PostDeps } from "./post.ts";
import { post } from "./post.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverConfigOf } from "./receiver-config.ts";

/** Resends that may be missed before an Alertmanager takes an alert for over: fewer would flap when one comes late. */
const missedResends = 4;

/** Posts alerts to the version 2 interface of an Alertmanager. */
export const alertmanagerReceiver = (config: ReceiverConfigOf<"alertmanager">, deps: PostDeps): Receiver => {
  const resendMs = config.resendSeconds * 1_000;
  const headers = config.bearerToken === undefined ? {} : { authorization: `Bearer ${config.bearerToken}` };
  return {
    sendsResolved: true,
    resendMs,
    send: ({ alerts }: Notification) => {
      const body = JSON.stringify(postableAlerts(alerts, deps.clock.nowMs() + missedResends * resendMs));
      return post(deps, { url: `${config.url.replace(/\/+$/, "")}/api/v2/alerts`, headers, body });
    },
    close: () => {},
  };
};

/** The alerts as the interface takes them; one that fires ends at `believedUntilMs` unless it is posted again. */
const postableAlerts = (alerts: readonly Alert[], believedUntilMs: number) =>
  alerts.map(({ labels, annotations, status, startsAtMs, endsAtMs, generatorUrl }) => ({
    labels,
    annotations,
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(status === "firing" ? believedUntilMs : endsAtMs).toISOString(),
    ...(URL.canParse(generatorUrl) ? { generatorURL: generatorUrl } : {}),
  }));
