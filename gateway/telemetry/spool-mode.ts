import type { SpoolConfig } from "./spool-config.ts";

/** What waits in a spool, in bytes. */
export interface SpoolLoad {
  /** Calls that the bus has not taken, wherever they are. */
  readonly waitingBytes: number;
  /** The part of them that could not be written to disk; 0 while the disk works. */
  readonly memoryBytes: number;
}

/** The budgets of a spool, and what happens at their end. */
export type SpoolLimits = Pick<SpoolConfig, "budgetBytes" | "memoryBytes" | "shedAt" | "whenFull">;

/**
 * What is done with calls: `whole`: all are taken and recorded; `without_text`: all are taken and recorded without their
 * text; `refuse`: new ones are refused, those under way are recorded without their text; `not_kept`: all are taken, and
 * their records are counted and thrown away.
 */
export type SpoolMode = "whole" | "without_text" | "refuse" | "not_kept";

/** What is done with calls, and why. */
export interface SpoolDecision {
  readonly mode: SpoolMode;
  /** Which budget is the fuller one; memory counts only while the disk refuses. */
  readonly budget: "disk" | "memory";
  /** Part of that budget that is taken; 1 is full, and calls under way can bring it above. */
  readonly fill: number;
}

/** A mode ends only this much below where it began: at the edge it would otherwise come and go with every call. */
const easing = 0.9;

/** Decides what is done with calls from now on, by what waits and by what was done before. */
export const decideMode = (before: SpoolMode, load: SpoolLoad, limits: SpoolLimits): SpoolDecision => {
  const disk = load.waitingBytes / limits.budgetBytes;
  const memory = load.memoryBytes / limits.memoryBytes;
  const fill = Math.max(disk, memory);
  return { mode: modeAt(fill, before, limits), budget: memory > disk ? "memory" : "disk", fill };
};

const modeAt = (fill: number, before: SpoolMode, { shedAt, whenFull }: SpoolLimits): SpoolMode => {
  const wasFull = before === "refuse" || before === "not_kept";
  const isFull = fill >= (wasFull ? easing : 1);
  if (whenFull === "serve_and_count") {
    return isFull ? "not_kept" : "whole";
  }
  if (isFull) {
    return "refuse";
  }
  return fill >= (before === "whole" ? shedAt : shedAt * easing) ? "without_text" : "whole";
};

/** The decision in words, for whoever is refused and for the log. */
export const reasonOf = ({ budget, fill }: SpoolDecision): string => {
  const percent = Math.floor(fill * 100);
  return budget === "disk"
    ? `the spool holds ${percent}% of the bytes that may wait for the bus`
    : `the spool cannot be written, and ${percent}% of the bytes that may wait in memory are taken`;
};
