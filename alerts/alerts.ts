import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Store } from "../store/store.ts";
import type { AlertsConfig } from "./config.ts";
import { Looks } from "./looks/run-looks.ts";
import { Reroute } from "./reroute/reroute.ts";
import { Rollouts } from "./rollouts/rollouts.ts";
import type { RoutePlan } from "./verdicts/route-plan.ts";
import { VerdictDesk } from "./verdicts/verdict-desk.ts";

/** What alerts and verdicts are made with. */
export interface AlertsDeps {
  readonly store: Pick<Store, "readArms" | "readStates" | "saveStates" | "saveEvents">;
  /** Puts a verdict on the bus; resolves when it is durable. */
  readonly publish: (verdict: Verdict) => Promise<void>;
  /** Why what is stored cannot be relied on at present; null when it can. */
  readonly distrust: () => string | null;
  readonly routes: readonly RoutePlan[];
  readonly config: AlertsConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: Meter;
}

/** All of the alerts stage that one process at a time does: looks, verdicts, canaries. */
export class Alerts {
  readonly desk: VerdictDesk;
  readonly #looks: Looks;
  readonly rollouts: Rollouts;

  constructor(deps: AlertsDeps) {
    const { config, routes } = deps;
    this.desk = new VerdictDesk({ ...deps, config: config.verdicts });
    this.rollouts = new Rollouts({
      ...deps,
      desk: this.desk,
      config: config.canaries,
      keep: (states) => this.#looks.keep(states),
    });
    const { everySeconds } = config.looks;
    const reroute = new Reroute({ desk: this.desk, routes, config: config.reroute, everySeconds });
    const takers = config.reroute.enabled ? [this.rollouts, reroute] : [this.rollouts];
    this.#looks = new Looks({ ...deps, takers, config: config.looks });
  }

  /** Takes up what was remembered; what is in force must be known before anybody looks. */
  async start(): Promise<void> {
    await this.desk.start();
    await this.#looks.start();
  }

  async stop(): Promise<void> {
    await this.#looks.stop();
    await this.desk.stop();
  }
}
