import type { RoutePlan } from "../verdicts/route-plan.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import { mayLapse } from "./may-lapse.ts";
import type { Rollout } from "./rollout.ts";

/** What verdicts of canaries are retired by. */
export interface RetireDeps {
  readonly desk: Pick<VerdictDesk, "list" | "retire">;
  readonly routes: readonly RoutePlan[];
}

/** Lets go of the verdicts of canaries that are over, once the configuration needs none, and of those on targets that it has no more. */
export const retireShares = async ({ desk, routes }: RetireDeps, rollouts: readonly Rollout[]): Promise<void> => {
  for (const { effect } of desk.list()) {
    if (effect.kind === "canary") {
      const canary = rollouts.find(({ id }) => id === effect.salt) ?? null;
      await (mayLapse(routes, effect, canary) ? desk.retire(effect) : undefined);
    } else if (effect.kind === "target" && isGone(routes, effect)) {
      await desk.retire(effect);
    }
  }
};

/** A target that comes again under its old name begins whole: nobody would remember why it was not. */
const isGone = (routes: readonly RoutePlan[], effect: { readonly route: string; readonly variant: string }): boolean =>
  !routes.some(
    ({ name, targets }) => name === effect.route && targets.some(({ variant }) => variant === effect.variant),
  );
