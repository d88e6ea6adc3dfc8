import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Notification } from "./group.ts";
import type { Outcome } from "./receiver-queue.ts";

/** Says and counts what became of a notification. */
export const reportOutcome = (
  { log, meter }: { readonly log: Log; readonly meter: Meter },
  { receiver, groupKey, reason: toldBecause }: Notification,
  outcome: Outcome,
): void => {
  if (outcome.state === "sent") {
    meter.add("deliverySent", 1, { receiver, reason: toldBecause });
    log.info({ receiver, groupKey, reason: toldBecause, tries: outcome.tries }, "a receiver was told of alerts");
    return;
  }
  const { reason, code, says, tries } = outcome;
  meter.add("deliveryDropped", 1, { receiver, reason });
  log.error({ receiver, groupKey, reason, code, says, tries }, "a notification became a dead letter");
};
