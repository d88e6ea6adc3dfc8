import { createHash } from "node:crypto";
import type { Alert, Labels } from "../../core/alert.ts";
import type { TellReason } from "./dedupe.ts";
import { dedupe, isReasonToTell } from "./dedupe.ts";
import type { Group, Notification } from "./group.ts";
import { isFiring } from "./group.ts";
import type { Inhibitor } from "./inhibit.ts";
import type { DeliveryPolicy } from "./policy.ts";
import { timingOf } from "./policy.ts";
import type { Route } from "./route-tree.ts";

/** What a group is looked at with. */
export interface FlushContext {
  readonly nowMs: number;
  readonly route: Route;
  readonly policy: DeliveryPolicy;
  readonly mute: { readonly inhibitedBy: Inhibitor; readonly silencedBy: (labels: Labels) => string | null };
}

/** What was decided of a group that was looked at. */
export interface Decision {
  readonly groupKey: string;
  readonly receiver: string;
  readonly reason: TellReason;
  /** Firing alerts that are not told because another one inhibits them, or because of a silence. */
  readonly inhibited: number;
  readonly silenced: number;
}

/** A group after a look, with what is to be told of it; null when nothing is. */
export interface Flushed {
  readonly group: Group;
  readonly notification: Notification | null;
  readonly decision: Decision;
}

/**
 * Looks at a group. An alert that was told as firing is told as resolved even when it is muted meanwhile: whoever was called
 * must hear that it is over. One that was never told is not told to have ended either.
 */
export const flush = (group: Group, context: FlushContext): Flushed => {
  const { nowMs, route, policy } = context;
  const { groupIntervalMs, repeatIntervalMs } = timingOf(route, policy);
  const told = new Set(group.told?.firing ?? []);
  const seen = look(group, told, context);
  const isUnderWay = group.outbox.length > 0;
  const reason = dedupe(
    {
      told: group.told,
      firing: seen.open.map(fingerprintOf),
      resolved: seen.ended.map(fingerprintOf),
      muted: seen.inhibited.length + seen.silenced.length,
      repeatIntervalMs,
      isUnderWay,
    },
    nowMs,
  );
  const looked: Group = { ...group, hasFlushed: true, nextFlushMs: nowMs + groupIntervalMs, alerts: seen.firing };
  const decision = {
    groupKey: group.key,
    receiver: group.receiver,
    reason,
    inhibited: seen.inhibited.length,
    silenced: seen.silenced.length,
  };
  if (!isReasonToTell(reason)) {
    return { group: looked, notification: null, decision };
  }
  const stillTold = [...seen.inhibited, ...seen.silenced].map(fingerprintOf).filter((each) => told.has(each));
  const firing = [...seen.open.map(fingerprintOf), ...stillTold].sort();
  const tells = [...seen.open, ...(policy.traits.get(group.receiver)?.sendsResolved === false ? [] : seen.ended)];
  const notification = tells.length === 0 ? null : notificationOf(group, { reason, alerts: tells, nowMs });
  const outbox = notification === null ? group.outbox : [...group.outbox, notification];
  const tellings = group.tellings + 1;
  return { group: { ...looked, told: { atMs: nowMs, firing }, tellings, outbox }, notification, decision };
};

/** The alerts of a group, sorted by what is to be done with them. */
interface Look {
  readonly firing: readonly Alert[];
  /** Firing, and to be told. */
  readonly open: readonly Alert[];
  readonly inhibited: readonly Alert[];
  readonly silenced: readonly Alert[];
  /** Told as firing, and over. */
  readonly ended: readonly Alert[];
}

const look = ({ alerts }: Group, told: ReadonlySet<string>, { nowMs, mute }: FlushContext): Look => {
  const ordered = alerts.toSorted((a, b) => a.startsAtMs - b.startsAtMs || (a.fingerprint < b.fingerprint ? -1 : 1));
  const firing = ordered.filter((alert) => isFiring(alert, nowMs));
  const by = Map.groupBy(firing, ({ labels }) => muterOf(mute, labels));
  return {
    firing,
    open: by.get("nobody") ?? [],
    inhibited: by.get("inhibition") ?? [],
    silenced: by.get("silence") ?? [],
    ended: ordered
      .filter((alert) => !isFiring(alert, nowMs) && told.has(alert.fingerprint))
      .map((alert) => ({ ...alert, status: "resolved", endsAtMs: Math.min(alert.endsAtMs, nowMs) })),
  };
};

const muterOf = (mute: FlushContext["mute"], labels: Labels): "nobody" | "inhibition" | "silence" => {
  if (mute.silencedBy(labels) !== null) {
    return "silence";
  }
  return mute.inhibitedBy(labels) === null ? "nobody" : "inhibition";
};

const fingerprintOf = ({ fingerprint }: Alert): string => fingerprint;

/** The id rests on what is saved with the group, so that planning again after a crash cannot make another one. */
const notificationOf = (
  group: Group,
  told: Pick<Notification, "reason" | "alerts"> & { readonly nowMs: number },
): Notification => ({
  id: createHash("sha256")
    .update(JSON.stringify([group.key, group.createdAtMs, group.tellings]))
    .digest("hex")
    .slice(0, 32),
  receiver: group.receiver,
  groupKey: group.key,
  groupLabels: group.labels,
  reason: told.reason,
  alerts: told.alerts,
  plannedAtMs: told.nowMs,
});
