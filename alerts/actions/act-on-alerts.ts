import type { Alert } from "../../core/alert.ts";
import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { isUnderWay } from "../rollouts/rollout.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import type { ActionsConfig } from "./actions-config.ts";
import { proposalsOf } from "./proposals-of.ts";

/** What alerts act through. */
export interface ActDeps {
  readonly desk: Pick<VerdictDesk, "propose" | "inForce">;
  readonly rollouts: Pick<Rollouts, "list" | "abort" | "holdRoutes">;
  readonly routes: readonly RoutePlan[];
  readonly config: ActionsConfig;
  readonly log: Log;
}

/**
 * Does what alerts ask for besides being told. It is given all that fire at every look, so that what failed or was held back is
 * asked for again, and what is in force already is left alone; a failure keeps nobody from being told.
 */
export const actOnAlerts = async (alerts: readonly Alert[], deps: ActDeps): Promise<void> => {
  const { desk, rollouts, log } = deps;
  const context = { ...deps, inForce: (subject: string) => desk.inForce(subject) };
  rollouts.holdRoutes(alerts.filter(({ status, action }) => status === "firing" && action === "hold").map(routeOf));
  try {
    for (const proposal of proposalsOf(alerts, context)) {
      await desk.propose(proposal);
    }
    for (const alert of alerts.filter(({ status, action }) => status === "firing" && action === "rollback")) {
      const route = routeOf(alert);
      for (const { id } of rollouts.list().filter((each) => isUnderWay(each) && each.route === (route ?? each.route))) {
        await rollouts.abort(id, `${alert.labels["alertname"] ?? "an alert"}: ${alert.annotations["summary"] ?? ""}`);
      }
    }
  } catch (error) {
    log.error({ err: messageOf(error) }, "what an alert asks for could not be done; it is asked for again");
  }
};

/** The route that an alert is about; null when it is about all. */
const routeOf = ({ labels }: Alert): string | null => labels["route"] ?? null;
