/**
 * Why a group is told or not.
 *
 * - `first`: nobody was told of the group yet
 * - `new_in_group`: an alert fires that was not told as firing
 * - `resolved`: an alert that was told as firing has ended
 * - `repeat_due`: nothing changed, and it was told long ago
 * - `none`: nothing changed since it was told
 * - `muted`: there is something to tell, and it is inhibited or silenced
 */
export type TellReason = "first" | "new_in_group" | "resolved" | "repeat_due" | "none" | "muted";

/** Reasons to tell, as opposed to reasons not to. */
export const isReasonToTell = (reason: TellReason): reason is Exclude<TellReason, "none" | "muted"> =>
  reason !== "none" && reason !== "muted";

/** What a receiver was told last of a group. */
export interface Told {
  readonly atMs: number;
  /** Fingerprints of the alerts that it believes to fire, in order. */
  readonly firing: readonly string[];
}

/** What there is to tell of a group at a moment. */
export interface Tellable {
  /** Null when nothing was told yet. */
  readonly told: Told | null;
  /** Fingerprints of firing alerts that nothing mutes. */
  readonly firing: readonly string[];
  /** Fingerprints of alerts that were told as firing and have ended. */
  readonly resolved: readonly string[];
  /** How many firing alerts are inhibited or silenced. */
  readonly muted: number;
  readonly repeatIntervalMs: number;
  /** Whether something that was to be told of the group is still under way. */
  readonly isUnderWay: boolean;
}

/** Decides whether a group is told now, and why. */
export const dedupe = (tellable: Tellable, nowMs: number): TellReason => {
  const { told, firing, resolved, muted } = tellable;
  const known = new Set(told?.firing ?? []);
  if (told === null && firing.length > 0) {
    return "first";
  }
  if (firing.some((fingerprint) => !known.has(fingerprint))) {
    return "new_in_group";
  }
  if (resolved.length > 0) {
    return "resolved";
  }
  if (firing.length === 0) {
    return muted > 0 ? "muted" : "none";
  }
  // A repeat behind one that has not arrived would say nothing new.
  const isDue = told !== null && nowMs >= told.atMs + tellable.repeatIntervalMs && !tellable.isUnderWay;
  return isDue ? "repeat_due" : "none";
};
