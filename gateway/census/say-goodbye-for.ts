import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import { reportMessage } from "./report-message.ts";

/**
 * Makes the last report for a gateway that died, once all that it left in its spool is on the bus: nothing of it is missing
 * any more, and its silence is no alarm. It claims no count of its own, since only what the dead gateway said is known.
 */
export const sayGoodbyeFor = async (
  gatewayId: string,
  { bus, clock }: { readonly bus: Pick<Bus, "publish">; readonly clock: Clock },
): Promise<void> => {
  await bus.publish(
    reportMessage({
      version: 1,
      gatewayId,
      reportedAtMs: clock.nowMs(),
      everyMs: 1,
      isLast: true,
      finished: 0,
      waiting: 0,
      oldestWaitingMs: null,
      counts: [],
    }),
  );
};
