import type { Rollout } from "./rollout.ts";

/** Users or sessions whose first call in a trial came while the shares stood. */
export interface UnitCohort {
  /** When their first calls began: from the first up to, not with, the second; in milliseconds since the Unix epoch. */
  readonly begunFromMs: number;
  readonly begunUntilMs: number;
  /** The candidate's share of those of them that have kept their arm until now. */
  readonly share: number;
  /** Whether units may still be added to it. */
  readonly isCurrent: boolean;
}

/** Longest that a gateway may take to follow a verdict, in milliseconds: until then units are assigned as before. */
export const settledMs = 10_000;

/** When a trial began to count units. */
export const unitsSinceMs = ({ judge }: Pick<Rollout, "judge">): number => judge.startedMs + settledMs;

/**
 * The units of a trial by the share that stood when each first came. As a share changes, units change their arm and are no longer
 * followed: those that remain have a share of their own, min / (min + 1 - max) of all shares since, by which they are compared.
 */
export const unitCohorts = (rollout: Pick<Rollout, "judge" | "shares">, toMs: number): readonly UnitCohort[] => {
  const { shares, judge } = rollout;
  return shares.flatMap(({ atMs }, index) => {
    const begunFromMs = Math.max(atMs, judge.startedMs) + settledMs;
    const next = shares[index + 1];
    const begunUntilMs = next?.atMs ?? toMs;
    const since = shares.slice(index).map(({ share }) => share);
    const [least, most] = [Math.min(...since), Math.max(...since)];
    const share = least === 0 ? 0 : least / (least + 1 - most);
    return begunUntilMs > begunFromMs ? [{ begunFromMs, begunUntilMs, share, isCurrent: next === undefined }] : [];
  });
};
