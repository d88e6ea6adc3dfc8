import type { Alert } from "../../core/alert.ts";
import type { Verdict, VerdictEffect } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { Proposal } from "../verdicts/guard-verdict.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import type { ActionsConfig } from "./actions-config.ts";

/** What proposals are made from. */
export interface ActionContext {
  readonly routes: readonly RoutePlan[];
  readonly config: ActionsConfig;
  /** The verdict in force on a subject; null when there is none. */
  readonly inForce: (subject: string) => Verdict | null;
}

/**
 * What alerts want to be decided: firing ones that targets lose traffic or that routes go to a cheaper one, and those that ended
 * that what was taken for them is given back. What is in force already is not proposed again.
 */
export const proposalsOf = (alerts: readonly Alert[], context: ActionContext): readonly Proposal[] => {
  const firing = alerts.filter(({ status }) => status === "firing").flatMap((alert) => wantedBy(alert, context));
  const taken = new Set(firing.map(({ effect }) => subjectOf(effect)));
  const ended = alerts
    .filter(({ status }) => status === "resolved")
    .flatMap((alert) => wantedBy(alert, context).flatMap((proposal) => givenBack(proposal, context)))
    .filter(({ effect }) => !taken.has(subjectOf(effect)));
  return [...firing.filter(({ effect }) => !isInForce(effect, context)), ...ended];
};

const wantedBy = (alert: Alert, { routes, config }: ActionContext): readonly Proposal[] => {
  const { action } = alert;
  switch (action) {
    case "reroute":
    case "eject":
      return targetsOf(alert, routes).map(({ route, variant }) =>
        proposal(alert, {
          action,
          effect: { kind: "target", route, variant, factor: action === "eject" ? 0 : config.rerouteFactor },
        }),
      );
    case "degrade":
      return Object.entries(config.tiers)
        .filter(([route]) => isAbout(alert, "route", route))
        .map(([route, variant]) => proposal(alert, { action, effect: { kind: "tier", route, variant } }));
    case "notify":
    case "hold":
    case "rollback":
      return [];
  }
};

const proposal = (alert: Alert, what: Pick<Proposal, "action" | "effect">): Proposal => ({
  ...what,
  reason: `${alert.labels["alertname"] ?? "an alert"}: ${alert.annotations["summary"] ?? "it fires"}`,
  evidenceId: alert.fingerprint,
  isAutomatic: true,
});

/** The targets that an alert's labels point at; none when they name neither a variant nor a provider. */
const targetsOf = (alert: Alert, routes: readonly RoutePlan[]) =>
  "variant" in alert.labels || "provider" in alert.labels
    ? routes
        .filter(({ name }) => isAbout(alert, "route", name))
        .flatMap(({ name, targets }) =>
          targets
            .filter(
              ({ variant, provider }) => isAbout(alert, "variant", variant) && isAbout(alert, "provider", provider),
            )
            .map(({ variant }) => ({ route: name, variant })),
        )
    : [];

/** Whether an alert's label has a value, or is not there and so says nothing. */
const isAbout = ({ labels }: Alert, label: string, value: string): boolean => (labels[label] ?? value) === value;

/** Only what was taken for this alert is given back for it. */
const givenBack = (taken: Proposal, { inForce }: ActionContext): readonly Proposal[] => {
  const last = inForce(subjectOf(taken.effect));
  if (last === null || last.evidenceId !== taken.evidenceId || isNeutral(last.effect)) {
    return [];
  }
  return [{ ...taken, action: "restore", effect: neutral(taken.effect), reason: `over: ${taken.reason}` }];
};

const isInForce = (effect: VerdictEffect, { inForce }: ActionContext): boolean => {
  const last = inForce(subjectOf(effect))?.effect;
  return last !== undefined && JSON.stringify(last) === JSON.stringify(effect);
};

const neutral = (effect: VerdictEffect): VerdictEffect => {
  switch (effect.kind) {
    case "target":
      return { ...effect, factor: 1 };
    case "tier":
      return { ...effect, variant: null };
    case "canary":
      return effect;
  }
};

const isNeutral = (effect: VerdictEffect): boolean => JSON.stringify(effect) === JSON.stringify(neutral(effect));
