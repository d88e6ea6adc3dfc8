import { z } from "zod";

const timeMs = z.int().min(0).max(4_294_967_295_000);
const name = z.string().min(1).max(256);
const share = z.number().min(0).max(1);

/** What a canary's calls are assigned by: each call for itself, or all of a user or session alike. */
export const assignmentUnits = ["request", "user", "session"] as const;

/** What a canary's calls are assigned by. */
export type AssignmentUnit = (typeof assignmentUnits)[number];

/** Multiplies the configured weight of one target of a route: 0 ejects it, 1 gives it back what it had. */
const targetFactor = z.object({
  kind: z.literal("target"),
  route: name,
  variant: name,
  factor: share,
});

/** Gives a candidate a share of a route's calls; the other targets keep theirs in proportion. */
const canaryShare = z.object({
  kind: z.literal("canary"),
  route: name,
  candidate: name,
  share,
  unit: z.enum(assignmentUnits),
  /** Begins the hash that assigns units, so that two canaries do not pick the same users. */
  salt: name,
});

/** Sends all calls of a route to one target, such as a cheaper tier near a budget; null gives back what is configured. */
const routeTier = z.object({
  kind: z.literal("tier"),
  route: name,
  variant: name.nullable(),
});

/** What a verdict asks the routing table for. */
export const verdictEffect = z.discriminatedUnion("kind", [targetFactor, canaryShare, routeTier]);

/** What a verdict asks the routing table for. */
export type VerdictEffect = z.infer<typeof verdictEffect>;

/** What a verdict is called by those who read of it. */
export const verdictActions = [
  "reroute",
  "eject",
  "restore",
  "start",
  "step",
  "hold",
  "rollback",
  "promote",
  "degrade",
] as const;

/** What a verdict is called by those who read of it. */
export type VerdictAction = (typeof verdictActions)[number];

/**
 * A verdict: the document on `plumbline.verdicts` that moves traffic. It is the whole state that its subject is to have, not a
 * change of it, so that repeating one changes nothing, and the latest is all there is to know. It is in force until it expires.
 */
export const verdict = z.object({
  version: z.literal(1),
  /** 32 hex characters. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /**
   * Higher than that of every earlier verdict on the same subject; the lower of two is out of order. An owner that may lose
   * its state takes the milliseconds of its clock, or one more than the last.
   */
  sequence: z.int().min(1),
  action: z.enum(verdictActions),
  effect: verdictEffect,
  /** Why, in words. */
  reason: z.string().min(1).max(2_000),
  /** What it rests on: the id of a canary, the fingerprint of an alert; null when a person decided. */
  evidenceId: z.string().min(1).max(256).nullable(),
  issuedAtMs: timeMs,
  /** From then on the configured weights hold again, unless a later verdict has come. */
  expiresAtMs: timeMs,
  /** True when it is only to be told what would have happened. */
  isDryRun: z.boolean(),
});

/** A verdict. */
export type Verdict = z.infer<typeof verdict>;

/** What a verdict is about: of the verdicts on one subject the latest holds. */
export const subjectOf = (effect: VerdictEffect): string => {
  switch (effect.kind) {
    case "target":
      // A variant such as `llama3:8b` may hold a colon: the route's are escaped, so that no two subjects are alike.
      return `target:${effect.route.replaceAll("%", "%25").replaceAll(":", "%3A")}:${effect.variant}`;
    case "canary":
      return `canary:${effect.route}`;
    case "tier":
      return `tier:${effect.route}`;
  }
};

/** The key of a verdict's record. Dry runs have keys of their own: compaction must not remove what is in force for them. */
export const verdictKeyOf = ({ effect, isDryRun }: Pick<Verdict, "effect" | "isDryRun">): string =>
  isDryRun ? `dry_run:${subjectOf(effect)}` : subjectOf(effect);

/** Header that holds the HMAC-SHA256 of a verdict's bytes in hex. */
export const verdictSignatureHeader = "plumbline-signature";
