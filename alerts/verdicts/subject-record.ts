import { z } from "zod";
import type { Verdict } from "../../core/verdict.ts";
import { verdict } from "../../core/verdict.ts";

/** What is remembered of the verdicts on one subject. */
export const subjectRecord = z.object({
  /** The last that was issued, renewals included. */
  last: verdict,
  /** When the last one that changed something was issued, in milliseconds since the Unix epoch. */
  movedAtMs: z.number(),
  /** When a target lost traffic, the latest at the end. */
  lostAtMs: z.array(z.number()),
  /** True when nobody wants it any more: it is not renewed, and the configured weights hold again. */
  isRetired: z.boolean(),
});

/** What is remembered of the verdicts on one subject. */
export type SubjectRecord = z.infer<typeof subjectRecord>;

/** Losses that are remembered: as many as the flap limit asks for, and some to spare. */
const keptLosses = 8;

/** What is remembered once a verdict that changes something is issued. */
export const recordMove = (before: SubjectRecord | null, next: Verdict): SubjectRecord => {
  const losses = before?.lostAtMs ?? [];
  const hasLost = next.action === "reroute" || next.action === "eject";
  return {
    last: next,
    movedAtMs: next.issuedAtMs,
    lostAtMs: hasLost ? [...losses, next.issuedAtMs].slice(-keptLosses) : losses,
    isRetired: false,
  };
};

/** Whether a verdict asks for something else than what is configured, and so must be renewed to stay in force. */
export const needsRenewal = ({ last: { effect, isDryRun }, isRetired }: SubjectRecord): boolean => {
  if (isDryRun || isRetired) {
    return false;
  }
  switch (effect.kind) {
    case "target":
      return effect.factor !== 1;
    case "canary":
      return true;
    case "tier":
      return effect.variant !== null;
  }
};

/** The verdicts that keep traffic from what is configured, in order of their subjects. */
export const verdictsInForce = (records: ReadonlyMap<string, SubjectRecord>): readonly Verdict[] => {
  const inForce = [...records].filter(([, record]) => needsRenewal(record));
  return inForce.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { last }]) => last);
};
