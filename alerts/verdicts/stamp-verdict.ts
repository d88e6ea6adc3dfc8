import type { VerdictEvent } from "../../core/events.ts";
import type { Verdict } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";

/** What a verdict says, without when and in which order it was said. */
export type VerdictContent = Pick<Verdict, "action" | "effect" | "reason" | "evidenceId" | "isDryRun">;

/** When and in which order a verdict is issued. */
export interface Stamp {
  /** An identifier that no other process makes, such as a UUID. */
  readonly id: string;
  /** The verdict on the same subject before this one; null when there was none. */
  readonly after: Verdict | null;
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

/** Makes a verdict of what it says. Sequences follow the clock, so that one who has lost his memory does not fall behind. */
export const stampVerdict = (content: VerdictContent, { id, after, nowMs, lifetimeMs }: Stamp): Verdict => ({
  version: 1,
  id: id.replaceAll("-", ""),
  sequence: Math.max((after?.sequence ?? 0) + 1, nowMs),
  action: content.action,
  effect: content.effect,
  reason: content.reason,
  evidenceId: content.evidenceId,
  issuedAtMs: nowMs,
  expiresAtMs: nowMs + lifetimeMs,
  isDryRun: content.isDryRun,
});

/** A verdict as those who look back find it. */
export const verdictEvent = (verdict: Verdict, outcome: Pick<VerdictEvent, "state" | "obstacle">): VerdictEvent => ({
  atMs: verdict.issuedAtMs,
  verdictId: verdict.id,
  subject: subjectOf(verdict.effect),
  sequence: verdict.sequence,
  action: verdict.action,
  route: verdict.effect.route,
  effect: JSON.stringify(verdict.effect),
  reason: verdict.reason,
  evidenceId: verdict.evidenceId,
  expiresAtMs: verdict.expiresAtMs,
  ...outcome,
});
