import type { Log } from "../../core/log.ts";
import { alertLine, titleOf } from "./describe-notification.ts";
import type { Receiver } from "./receiver.ts";
import { sent } from "./receiver.ts";

/** Writes notifications to Plumbline's own log. */
export const logReceiver = (config: { readonly sendsResolved: boolean }, { log }: { readonly log: Log }): Receiver => ({
  sendsResolved: config.sendsResolved,
  resendMs: null,
  send: async (notification) => {
    const alerts = notification.alerts.map(alertLine);
    log.warn({ receiver: notification.receiver, reason: notification.reason, alerts }, titleOf(notification));
    return sent;
  },
  close: () => {},
});
