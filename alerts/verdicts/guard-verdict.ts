import type { VerdictAction, VerdictEffect } from "../../core/verdict.ts";
import type { VerdictsConfig } from "./verdicts-config.ts";

/** What somebody wants to be decided. */
export interface Proposal {
  readonly action: VerdictAction;
  readonly effect: VerdictEffect;
  /** Why, in words. */
  readonly reason: string;
  /** Canary or alert it rests on; null when a person decided. */
  readonly evidenceId: string | null;
  /** False for a person's own decision, which only its words can hold back. */
  readonly isAutomatic: boolean;
}

/** What is known when a proposal is judged. */
export interface GuardContext {
  readonly config: VerdictsConfig;
  readonly nowMs: number;
  /** Why what is stored cannot be relied on at present; null when it can. */
  readonly distrust: string | null;
  /** When the last verdict on the subject was issued, renewals apart; null when there was none. */
  readonly lastMovedAtMs: number | null;
  /** When the target lost traffic, of late. */
  readonly lostAtMs: readonly number[];
  /** Share of the route's traffic that would be kept away from its targets. */
  readonly movedShare: number;
}

/** Whether a proposal becomes a verdict; if not, why. */
export type Guarded = { readonly kind: "issue" } | { readonly kind: "held_back"; readonly obstacle: string };

/** Times that a target may lose traffic before it gets nothing back for a while. */
const flapLimit = 2;

/**
 * Judges a proposal by what bounds automatic verdicts: telemetry that cannot be relied on freezes them, a subject rests between
 * two of them, a target that has lost traffic twice of late gets nothing back, and no more of a route is moved than is allowed.
 * Taking a canary back waits for nothing but telemetry.
 */
export const guardVerdict = (proposal: Proposal, context: GuardContext): Guarded => {
  const { action, isAutomatic } = proposal;
  if (!isAutomatic) {
    return { kind: "issue" };
  }
  const obstacle = context.distrust === null ? obstacleTo(action, context) : `telemetry: ${context.distrust}`;
  return obstacle === null ? { kind: "issue" } : { kind: "held_back", obstacle };
};

const obstacleTo = (action: VerdictAction, context: GuardContext): string | null => {
  switch (action) {
    case "rollback":
      return null;
    case "reroute":
    case "eject":
      return resting(context) ?? tooMuch(context);
    case "restore":
      return resting(context) ?? flapping(context);
    case "start":
    case "step":
    case "hold":
    case "promote":
    case "degrade":
      return resting(context);
  }
};

const resting = ({ config, lastMovedAtMs, nowMs }: GuardContext): string | null => {
  const restMs = config.cooldownSeconds * 1_000;
  return lastMovedAtMs !== null && nowMs - lastMovedAtMs < restMs
    ? `cool-down: the last verdict on this subject is less than ${config.cooldownSeconds} s old`
    : null;
};

const tooMuch = ({ config, movedShare }: GuardContext): string | null =>
  movedShare > config.maxMovedShare
    ? `blast radius: ${percent(movedShare)} of the route would be moved, and ${percent(config.maxMovedShare)} may be`
    : null;

const flapping = ({ config, lostAtMs, nowMs }: GuardContext): string | null => {
  const since = nowMs - config.flapMinutes * 60_000;
  return lostAtMs.filter((atMs) => atMs > since).length >= flapLimit
    ? `flapping: the target lost traffic ${flapLimit} times within ${config.flapMinutes} min`
    : null;
};

const percent = (share: number): string => `${(share * 100).toFixed(0)}%`;
