import type { DeliveryState } from "../../../alerts/delivery/plan.ts";
import { plan } from "../../../alerts/delivery/plan.ts";
import type { DeliveryPolicy } from "../../../alerts/delivery/policy.ts";
import { withoutNotification } from "../../../alerts/delivery/settle.ts";
import type { Silences } from "../../../alerts/delivery/silences.ts";
import type { Alert } from "../../../core/alert.ts";
import { startMs } from "./alerts.ts";

/** What a receiver was told, for a reader: second, receiver, reason, and the alerts as `name` or `-name` when over. */
export type ToldLine = readonly [second: number, receiver: string, reason: string, alerts: string];

/** A plan that is made again and again while virtual time goes on; every notification arrives at once. */
export interface Teller {
  /** Takes in alerts at a second of the story. */
  readonly at: (second: number, ...alerts: readonly Alert[]) => void;
  /** Looks every five seconds, up to a second of the story. */
  readonly until: (second: number) => void;
  readonly silences: (silences: Silences) => void;
  readonly told: () => readonly ToldLine[];
  /** Reasons not to tell that looks had, in their order, each once in a row. */
  readonly untold: () => readonly string[];
  readonly state: () => DeliveryState;
}

/** Begins a story at `startMs`. */
export const tellerOf = (policy: DeliveryPolicy): Teller => {
  let state: DeliveryState = { groups: new Map(), silences: new Map() };
  let second = 0;
  const told: ToldLine[] = [];
  const untold: string[] = [];
  const look = (alerts: readonly Alert[]): void => {
    const planned = plan({ state, alerts, policy, nowMs: startMs + second * 1_000 });
    const groups = new Map(planned.state.groups);
    for (const { id, receiver, reason, groupKey, alerts: tells } of planned.notifications) {
      told.push([second, receiver, reason, tells.map(nameOf).join(" ")]);
      const group = groups.get(groupKey);
      if (group !== undefined) groups.set(groupKey, withoutNotification(group, id));
    }
    untold.push(...planned.reasons.map(({ reason }) => reason).filter((reason) => ["none", "muted"].includes(reason)));
    state = { ...planned.state, groups };
  };
  const until = (end: number): void => {
    for (; second < end; second += 5) look([]);
    second = end;
  };
  return {
    at: (moment, ...alerts) => {
      until(moment);
      look(alerts);
    },
    until: (end) => {
      until(end);
      look([]);
    },
    silences: (silences) => {
      state = { ...state, silences };
    },
    told: () => told,
    untold: () => untold.filter((reason, index) => reason !== untold[index - 1]),
    state: () => state,
  };
};

const nameOf = ({ status, labels }: Alert): string => `${status === "resolved" ? "-" : ""}${labels["alertname"] ?? ""}`;
