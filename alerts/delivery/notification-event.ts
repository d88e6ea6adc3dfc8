import type { RoleEvents } from "../../core/events.ts";
import type { Notification } from "./group.ts";
import type { Outcome } from "./receiver-queue.ts";

/** What became of a notification, for those who look back. */
export const eventsOf = (given: Notification, outcome: Outcome, atMs: number): RoleEvents => {
  const isDropped = outcome.state === "failed" && outcome.reason !== "refused" && outcome.reason !== "gave_up";
  const state = outcome.state === "sent" ? "sent" : isDropped ? "dropped" : "failed";
  const firing = given.alerts.filter(({ status }) => status === "firing").length;
  return {
    // A dead letter may be sent again under its own id: the time of its plan tells the two apart.
    token: `delivery:${given.id}:${given.plannedAtMs}:${state}`,
    notifications: [
      {
        atMs,
        receiver: given.receiver,
        groupKey: given.groupKey,
        idempotencyKey: given.id,
        state,
        reason: outcome.state === "sent" ? given.reason : `${outcome.reason}: ${outcome.says}`,
        firing,
        resolved: given.alerts.length - firing,
        tries: outcome.tries,
      },
    ],
  };
};
