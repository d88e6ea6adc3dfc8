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
  for (const [key, { route, news }] of newsOf(policy, alerts)) {
    const { groupWaitMs } = timingOf(route, policy);
    const group = next.get(key) ?? emptyGroup({ key, route, news, nextFlushMs: nowMs + groupWaitMs, nowMs });
    const merged = merge(group, news, nowMs);
    if (merged.alerts.length > 0 || merged.outbox.length > 0) {
      // An alert that has waited elsewhere, such as before a restart, does not wait here again.
      const hasWaited = !group.hasFlushed && merged.alerts.some((alert) => alert.startsAtMs + groupWaitMs < nowMs);
      next.set(key, hasWaited ? { ...merged, nextFlushMs: Math.min(group.nextFlushMs, nowMs) } : merged);
    }
  }
  return next;
};

interface News {
  readonly route: Route;
  readonly news: Alert[];
}

/** The alerts by the key of the group that they belong to. */
const newsOf = (policy: DeliveryPolicy, alerts: readonly Alert[]): ReadonlyMap<string, News> => {
  const byGroup = new Map<string, News>();
  for (const alert of alerts) {
    for (const route of routesOf(policy.tree, alert.labels)) {
      const key = `${route.key}:${labelsText(groupLabelsOf(route, alert.labels))}`;
      const known = byGroup.get(key);
      if (known === undefined) {
        byGroup.set(key, { route, news: [alert] });
      } else {
        known.news.push(alert);
      }
    }
  }
  return byGroup;
};

const merge = (group: Group, news: readonly Alert[], nowMs: number): Group => {
  const held = new Map(group.alerts.map((alert) => [alert.fingerprint, alert]));
  for (const alert of news) {
    if (held.has(alert.fingerprint) || isFiring(alert, nowMs)) {
      held.set(alert.fingerprint, alert);
    }
  }
  return { ...group, alerts: [...held.values()] };
};

const emptyGroup = (args: {
  readonly key: string;
  readonly route: Route;
  readonly news: readonly Alert[];
  readonly nextFlushMs: number;
  readonly nowMs: number;
}): Group => ({
  key: args.key,
  routeKey: args.route.key,
  receiver: args.route.receiver,
  labels: groupLabelsOf(args.route, args.news[0]?.labels ?? {}),
  createdAtMs: args.nowMs,
  nextFlushMs: args.nextFlushMs,
  tellings: 0,
  hasFlushed: false,
  alerts: [],
  told: null,
  outbox: [],
});
