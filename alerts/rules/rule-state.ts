import { z } from "zod";
import { alertActions } from "../../core/alert.ts";
import { messageOf } from "../../core/errors.ts";
import type { AlertEvent, RoleState } from "../../core/events.ts";
import type { TrackedAlerts } from "./step-rule.ts";
import { trackedAlert } from "./tracked-alert.ts";

/** Under this owner the store keeps the states of rules, by name. */
export const rulesOwner = "alerts/rules";

const labels = z.record(z.string(), z.string());
const savedEvent = z.object({
  atMs: z.number(),
  rule: z.string(),
  fingerprint: z.string(),
  labels,
  annotations: labels,
  state: z.enum(["pending", "firing", "resolved", "dropped"]),
  reason: z.string(),
  value: z.number().nullable(),
  startsAtMs: z.number(),
  action: z.enum(alertActions),
});
const savedState = z.object({ alerts: z.array(trackedAlert), events: z.array(savedEvent) });

/** What is remembered of a rule. */
export interface RuleState {
  readonly rule: string;
  readonly sequence: number;
  readonly alerts: TrackedAlerts;
  /** The changes that made it so: who finds it records them again, in case they were not recorded. */
  readonly events: readonly AlertEvent[];
}

/** A rule's state as it is kept; a rule without alerts and changes is forgotten. */
export const writeRuleState = ({ rule, sequence, alerts, events }: RuleState): RoleState => ({
  key: rule,
  sequence,
  state: alerts.size === 0 && events.length === 0 ? "" : JSON.stringify({ alerts: [...alerts.values()], events }),
});

/** The state of a rule as it was kept, or why it cannot be read. */
export const readRuleState = ({ key, sequence, state }: RoleState): RuleState | { readonly problem: string } => {
  try {
    const { alerts, events } = savedState.parse(JSON.parse(state));
    return { rule: key, sequence, alerts: new Map(alerts.map((alert) => [alert.fingerprint, alert])), events };
  } catch (error) {
    return { problem: messageOf(error) };
  }
};

/** Names a change of a rule's state to the store, which records it once. */
export const eventToken = ({ rule, sequence }: Pick<RuleState, "rule" | "sequence">): string =>
  `rules:${rule}:${sequence}`;
