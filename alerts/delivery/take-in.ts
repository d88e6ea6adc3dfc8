import type { Alert } from "../../core/alert.ts";
import type { Group, Groups } from "./group.ts";
import { isFiring, labelsText } from "./group.ts";
import type { DeliveryPolicy } from "./policy.ts";
import { timingOf } from "./policy.ts";
import type { Route } from "./route-tree.ts";
import { groupLabelsOf, routesOf } from "./route-tree.ts";

/**
 * Puts alerts into the groups of the routes that they take; of an alert that is known, the later news holds. The end of an
 * alert that no group holds is no news: nobody was told that it began.
 */
export const takeIn = (
  groups: Groups,
  alerts: readonly Alert[],
  { policy, nowMs }: { readonly policy: DeliveryPolicy; readonly nowMs: number },
): Groups => {
  const next = new Map(groups);
  for (const alert of alerts) {
    for (const route of routesOf(policy.tree, alert.labels)) {
      const key = `${route.key}:${labelsText(groupLabelsOf(route, alert.labels))}`;
      const known = next.get(key);
      const isNews = isFiring(alert, nowMs) || known?.alerts.some((held) => held.fingerprint === alert.fingerprint);
      if (isNews === true) {
        const { groupWaitMs } = timingOf(route, policy);
        const group = known ?? emptyGroup({ key, route, alert, nextFlushMs: nowMs + groupWaitMs, nowMs });
        next.set(key, withAlert(group, alert, { groupWaitMs, nowMs }));
      }
    }
  }
  return next;
};

const emptyGroup = (args: {
  readonly key: string;
  readonly route: Route;
  readonly alert: Alert;
  readonly nextFlushMs: number;
  readonly nowMs: number;
}): Group => ({
  key: args.key,
  routeKey: args.route.key,
  receiver: args.route.receiver,
  labels: groupLabelsOf(args.route, args.alert.labels),
  createdAtMs: args.nowMs,
  nextFlushMs: args.nextFlushMs,
  tellings: 0,
  hasFlushed: false,
  alerts: [],
  told: null,
  outbox: [],
});

const withAlert = (
  group: Group,
  alert: Alert,
  { groupWaitMs, nowMs }: { readonly groupWaitMs: number; readonly nowMs: number },
): Group => {
  const others = group.alerts.filter((held) => held.fingerprint !== alert.fingerprint);
  // An alert that has waited elsewhere, such as before a restart, does not wait here again.
  const hasWaited = !group.hasFlushed && alert.startsAtMs + groupWaitMs < nowMs;
  return {
    ...group,
    alerts: [...others, alert],
    nextFlushMs: hasWaited ? Math.min(group.nextFlushMs, nowMs) : group.nextFlushMs,
  };
};
