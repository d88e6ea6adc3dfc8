import type { Verdict, VerdictEffect } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import { effectiveTargets } from "./effective-targets.ts";
import type { PolicyRoute, PolicyTable } from "./policy-table.ts";

/** Why a verdict did what it did to the table. All but `applied` leave the traffic as it is, or fall back to what is configured. */
export type DecisionReason =
  | "applied"
  | "repeated"
  | "out_of_order"
  | "expired"
  | "unknown_subject"
  | "floor"
  | "dry_run";

/** The table after a verdict, and why it is so. */
export interface Decision {
  readonly table: PolicyTable;
  readonly reason: DecisionReason;
}

/**
 * What a verdict does to the table. The latest of a subject is kept whatever becomes of it, so that the order of arrival does
 * not matter: an expired one ends an earlier one, one below the floor waits until it can be had, one on an unknown subject
 * until it is configured.
 */
export const decide = (verdict: Verdict, table: PolicyTable, nowMs: number): Decision => {
  if (verdict.isDryRun) return { table, reason: "dry_run" };
  const subject = subjectOf(verdict.effect);
  const known = table.latest.get(subject);
  if (known !== undefined && compareVerdicts(verdict, known) <= 0) {
    return { table, reason: verdict.id === known.id ? "repeated" : "out_of_order" };
  }
  const next = { ...table, latest: new Map(table.latest).set(subject, verdict) };
  return { table: next, reason: standingOf(verdict, next, nowMs) };
};

/** How a verdict that is the latest of its subject stands in a table. */
export const standingOf = (
  verdict: Verdict,
  table: PolicyTable,
  nowMs: number,
): Extract<DecisionReason, "applied" | "expired" | "unknown_subject" | "floor"> => {
  if (verdict.expiresAtMs <= nowMs) return "expired";
  const route = table.routes.get(verdict.effect.route);
  if (route === undefined || !isConfigured(route, verdict.effect)) return "unknown_subject";
  const { held } = effectiveTargets(route, table, nowMs);
  return held.includes(verdict) ? "floor" : "applied";
};

const isConfigured = ({ targets }: PolicyRoute, effect: VerdictEffect): boolean => {
  const variant = effect.kind === "canary" ? effect.candidate : effect.variant;
  return variant === null || targets.some((target) => target.variant === variant);
};

/** The order of verdicts on one subject. Two of one sequence are a fault of their writer: any order will do that all agree on. */
const compareVerdicts = (a: Verdict, b: Verdict): number =>
  a.sequence - b.sequence || a.issuedAtMs - b.issuedAtMs || compareText(a.id, b.id);

const compareText = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};
