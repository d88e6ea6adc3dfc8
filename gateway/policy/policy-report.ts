import type { Verdict } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { Route, RouteTable, Target } from "../route-table.ts";
import { standingOf } from "./decide.ts";
import type { RoutingPolicy } from "./routing-policy.ts";
import { shareOf } from "./share-of.ts";

/** What `/policy` shows: where calls go now, and why. */
export const policyReport = (
  { routes, configured, table }: RoutingPolicy,
  nowMs: number,
  healthOf: (target: Target) => unknown,
): unknown => ({
  version: routes.version,
  configured: configured.version,
  at: timeText(nowMs),
  routes: [...routes.byName.values()].map((route) => routeReport(route, configured, healthOf)),
  verdicts: [...table.latest.values()].map((verdict) => ({
    subject: subjectOf(verdict.effect),
    standing: standingOf(verdict, table, nowMs),
    ...verdictReport(verdict),
  })),
});

const routeReport = (
  { name, floor, targets, canary, balance, fallbacks }: Route,
  configured: RouteTable,
  healthOf: (target: Target) => unknown,
): unknown => ({
  name,
  floor,
  balance,
  targets: targets.map((target, index) => ({
    variant: target.variant,
    provider: target.provider,
    model: target.model,
    region: target.place.region,
    compliance: target.place.compliance,
    configuredWeight: configured.byName.get(name)?.targets[index]?.weight ?? 0,
    share: shareOf(target, targets),
    fallback: (fallbacks.get(target.variant) ?? []).map(({ variant }) => variant),
    health: healthOf(target),
  })),
  canary:
    canary === null
      ? null
      : { candidate: canary.candidate.variant, share: canary.share, unit: canary.unit, salt: canary.salt },
});

const verdictReport = ({ issuedAtMs, expiresAtMs, ...verdict }: Verdict): object => ({
  id: verdict.id,
  sequence: verdict.sequence,
  action: verdict.action,
  effect: verdict.effect,
  reason: verdict.reason,
  evidenceId: verdict.evidenceId,
  issuedAt: timeText(issuedAtMs),
  expiresAt: timeText(expiresAtMs),
});

const timeText = (ms: number): string => new Date(ms).toISOString();
