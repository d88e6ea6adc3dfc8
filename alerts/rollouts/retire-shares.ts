import type { RoutePlan } from "../verdicts/route-plan.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import { mayLapse } from "./may-lapse.ts";
import type { Rollout } from "./rollout.ts";

/** What verdicts of canaries are retired by. */
export interface RetireDeps {
  readonly desk: Pick<VerdictDesk, "list" | "retire">;
  readonly routes: readonly RoutePlan[];
}

/** Lets go of the verdicts of canaries that are over, once the configuration needs none. */
export const retireShares = async ({ desk, routes }: RetireDeps, rollouts: readonly Rollout[]): Promise<void> => {
  for (const { effect } of desk.list()) {
    if (effect.kind === "canary") {
      const canary = rollouts.find(({ id }) => id === effect.salt) ?? null;
      await (mayLapse(routes, effect, canary) ? desk.retire(effect) : undefined);
    }
  }
};
