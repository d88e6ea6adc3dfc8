import { z } from "zod";
import type { ArmTally } from "../../core/arms.ts";
import { subjectOf } from "../../core/verdict.ts";
import { horizonBudget } from "../../stats/evidence/horizon-budget.ts";
import type { KeptState, Look, LookTaker } from "../looks/look.ts";
import type { RoutePlan, RoutesNow } from "../verdicts/route-plan.ts";
import type { VerdictDesk } from "../verdicts/verdict-desk.ts";
import type { DecisionBounds, Wish } from "./decide-target.ts";
import { decideTarget } from "./decide-target.ts";
import { judgeTarget, newTarget, withFactor } from "./judge-target.ts";
import { learnUsual } from "./learn-usual.ts";
import type { RerouteConfig } from "./reroute-config.ts";
import type { TargetState } from "./target-state.ts";
import { targetState } from "./target-state.ts";

/** What traffic is shifted with. */
export interface RerouteDeps {
  readonly desk: Pick<VerdictDesk, "propose" | "inForce">;
  readonly routes: RoutesNow;
  readonly config: RerouteConfig;
  /** Seconds between two looks. */
  readonly everySeconds: number;
}

const routeState = z.object({ targets: z.record(z.string(), targetState) });

const secondsPerWeek = 604_800;
/** Looks after which the states are kept: what a crash loses of them only delays a decision. */
const keepEvery = 12;

/**
 * Takes traffic away from targets that get slower or fail more than is usual for them while the others of their route do not, and
 * gives it back when they are well again. Targets without a weight of their own, such as a canary's candidate, are left alone.
 */
export class Reroute implements LookTaker {
  readonly prefix = "reroute:";
  readonly #deps: RerouteDeps;
  readonly #states = new Map<string, Map<string, TargetState>>();
  #routes: readonly RoutePlan[] = [];
  #looks = 0;

  constructor(deps: RerouteDeps) {
    this.#deps = deps;
  }

  load(kept: readonly KeptState[]): void {
    const states = kept.map(
      ({ key, state }) =>
        [key.slice(this.prefix.length), new Map(Object.entries(routeState.parse(JSON.parse(state)).targets))] as const,
    );
    this.#follow(this.#deps.routes(), new Map(states));
  }

  take({ arms, toMs }: Look): readonly KeptState[] {
    const routes = this.#deps.routes();
    if (routes !== this.#routes) {
      this.#follow(routes, new Map(this.#states));
    }
    const byRoute = Map.groupBy(arms, ({ route }) => route);
    for (const [route, states] of this.#states) {
      this.#states.set(route, this.#judged(states, { route, arms: byRoute.get(route) ?? [], toMs }));
    }
    this.#looks += 1;
    if (this.#looks % keepEvery !== 1) {
      return [];
    }
    return [...this.#states].map(([route, states]) => ({
      key: this.prefix + route,
      state: JSON.stringify({ targets: Object.fromEntries(states) }),
    }));
  }

  async act({ toMs }: Look): Promise<void> {
    const bounds = this.#bounds();
    for (const [route, states] of this.#states) {
      for (const [variant, state] of states) {
        const wish = decideTarget(state, bounds);
        if (wish !== null && (await this.#isGranted({ route, variant, from: state.factor, wish }))) {
          states.set(variant, withFactor(state, wish.factor, toMs));
        }
      }
    }
  }

  /** Judges the targets that have a weight now; what is known of those that had one before goes on. */
  #follow(routes: readonly RoutePlan[], known: ReadonlyMap<string, ReadonlyMap<string, TargetState>>): void {
    this.#routes = routes;
    this.#states.clear();
    for (const { name, targets } of routes) {
      const live = targets.filter(({ weight }) => weight > 0);
      this.#states.set(name, new Map(live.map(({ variant }) => [variant, known.get(name)?.get(variant) ?? newTarget])));
    }
  }

  /** The more targets there are, the more evidence each must show. */
  #bounds(): DecisionBounds {
    const { config, everySeconds } = this.#deps;
    const series = Math.max(1, this.#routes.flatMap(({ targets }) => targets).length);
    const buckets = secondsPerWeek / everySeconds;
    const bound = horizonBudget({ series, buckets, falseAlarms: config.falseAlarmsPerWeek });
    return { config, logBound: Math.log(bound) };
  }

  #judged(
    states: ReadonlyMap<string, TargetState>,
    look: { readonly route: string; readonly arms: readonly ArmTally[]; readonly toMs: number },
  ): Map<string, TargetState> {
    const { desk, config } = this.#deps;
    const seen = [...states].map(([variant, state]) => {
      const effect = desk.inForce(subjectOf({ kind: "target", route: look.route, variant, factor: 1 }))?.effect;
      const factor = effect?.kind === "target" ? effect.factor : 1;
      return {
        variant,
        // What is in force is what was published, whatever was remembered of it here.
        state: state.factor === factor ? state : withFactor(state, factor, look.toMs),
        arm: look.arms.find((arm) => arm.variant === variant) ?? null,
      };
    });
    return new Map(
      seen.map((own) => {
        const others = seen.filter((other) => other !== own && other.state.factor === 1);
        const judged = judgeTarget(own, { others, mayFail: config.leastErrors });
        return [own.variant, own.arm === null ? judged : learnUsual(judged, own.arm, config.referenceCalls)];
      }),
    );
  }

  async #isGranted(args: {
    readonly route: string;
    readonly variant: string;
    readonly from: number;
    readonly wish: Wish;
  }): Promise<boolean> {
    const { route, variant, from, wish } = args;
    const effect = { kind: "target", route, variant, factor: wish.factor } as const;
    const decided = await this.#deps.desk.propose({
      action: wish.factor < from ? "reroute" : "restore",
      effect,
      reason: `${variant}: ${wish.reason}`,
      evidenceId: this.prefix + subjectOf(effect),
      isAutomatic: true,
    });
    return decided.kind === "issue";
  }
}
