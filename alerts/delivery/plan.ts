import type { Alert } from "../../core/alert.ts";
import type { Decision } from "./flush.ts";
import { flush } from "./flush.ts";
import type { Group, Groups, Notification } from "./group.ts";
import { allAlerts, isFiring } from "./group.ts";
import type { DeliveryPolicy } from "./policy.ts";
import type { Silences } from "./silences.ts";
import { silencerOf } from "./silences.ts";
import { takeIn } from "./take-in.ts";

/** Everything that telling depends on besides the configuration and the time. */
export interface DeliveryState {
  readonly groups: Groups;
  readonly silences: Silences;
}

/** What follows from news and from time. */
export interface Plan {
  readonly state: DeliveryState;
  /** What is to be told now; each is in the outbox of its group as well, so that a saved state holds it. */
  readonly notifications: readonly Notification[];
  readonly reasons: readonly Decision[];
}

/**
 * Takes in alerts, looks at every group whose time has come, and decides what is told and why. A group of a route that is not
 * configured any more is given up as soon as nothing of it is under way.
 */
export const plan = (args: {
  readonly state: DeliveryState;
  readonly alerts: readonly Alert[];
  readonly policy: DeliveryPolicy;
  readonly nowMs: number;
}): Plan => {
  const { policy, nowMs } = args;
  const { silences } = args.state;
  const groups = takeIn(args.state.groups, args.alerts, { policy, nowMs });
  const inhibitedBy = policy.inhibitedBy(allAlerts(groups).filter((alert) => isFiring(alert, nowMs)));
  const context = { nowMs, policy, mute: { inhibitedBy, silencedBy: silencerOf(silences, nowMs) } };
  const next = new Map<string, Group>();
  const notifications: Notification[] = [];
  const reasons: Decision[] = [];
  for (const [key, group] of groups) {
    const route = policy.routes.get(group.routeKey);
    const flushed = route === undefined || group.nextFlushMs > nowMs ? null : flush(group, { ...context, route });
    const result = flushed?.group ?? (route === undefined ? { ...group, alerts: [] } : group);
    if (result.alerts.length > 0 || result.outbox.length > 0) {
      next.set(key, result);
    }
    if (flushed !== null) {
      reasons.push(flushed.decision);
      notifications.push(...(flushed.notification === null ? [] : [flushed.notification]));
    }
  }
  return { state: { groups: next, silences }, notifications, reasons };
};

/** When a group is to be looked at next, in milliseconds since the Unix epoch; null when there is no group to look at. */
export const nextLookMs = (groups: Groups): number | null => {
  const times = [...groups.values()].filter(({ alerts }) => alerts.length > 0).map(({ nextFlushMs }) => nextFlushMs);
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
};
