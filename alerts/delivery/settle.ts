import type { Group, Notification } from "./group.ts";

/** The group without a notification that has arrived, or that is not to be tried again. */
export const withoutNotification = (group: Group, id: string): Group => ({
  ...group,
  outbox: group.outbox.filter((waiting) => waiting.id !== id),
});

/**
 * The group after a notification could not be sent: what it said counts as not told, so that the next look tells it again. An
 * alert of which there is later news keeps it.
 */
export const takeBack = (group: Group, given: Notification): Group => {
  const left = withoutNotification(group, given.id);
  const isLater = (fingerprint: string): boolean =>
    left.outbox.some(({ alerts }) => alerts.some((alert) => alert.fingerprint === fingerprint));
  const untold = given.alerts.filter(({ fingerprint }) => !isLater(fingerprint));
  const begun = new Set(untold.filter(({ status }) => status === "firing").map(({ fingerprint }) => fingerprint));
  const ended = untold.filter(({ status }) => status === "resolved");
  const held = new Set(left.alerts.map(({ fingerprint }) => fingerprint));
  const firing = (left.told?.firing ?? []).filter((fingerprint) => !begun.has(fingerprint));
  const believed = [...new Set([...firing, ...ended.map(({ fingerprint }) => fingerprint)])].sort();
  return {
    ...left,
    alerts: [...left.alerts, ...ended.filter(({ fingerprint }) => !held.has(fingerprint))],
    told: left.told === null || believed.length === 0 ? null : { ...left.told, firing: believed },
  };
};
