import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Trust } from "../store/decide-trust.ts";
import type { Store } from "../store/store.ts";
import { actOnAlerts } from "./actions/act-on-alerts.ts";
import type { Baselines } from "./baselines/baselines.ts";
import { createBaselines } from "./baselines/baselines.ts";
import type { AlertsConfig } from "./config.ts";
import { Delivery } from "./delivery/delivery.ts";
import type { Fetch } from "./delivery/post.ts";
import { Looks } from "./looks/run-looks.ts";
import { Reroute } from "./reroute/reroute.ts";
import { Rollouts } from "./rollouts/rollouts.ts";
import type { Rule } from "./rules/rule-schema.ts";
import { RuleWatch } from "./rules/run-rules.ts";
import type { RoutesNow } from "./verdicts/route-plan.ts";
import { VerdictDesk } from "./verdicts/verdict-desk.ts";

/** What alerts and verdicts are made with. */
export interface AlertsDeps {
  readonly store: Pick<
    Store,
    "ask" | "query" | "readArms" | "readUnitArms" | "readStates" | "saveStates" | "saveEvents"
  >;
  /** Puts a verdict on the bus; resolves when it is durable. */
  readonly publish: (verdict: Verdict) => Promise<void>;
  /** Whether what is stored can be relied on at present. */
  readonly trust: () => Pick<Trust, "isTrusted" | "reason">;
  readonly rules: readonly Rule[];
  readonly fetch: Fetch;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly routes: RoutesNow;
  /** Answers that a pinned baseline must have. */
  readonly leastAnswers: number;
  readonly config: AlertsConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: Meter;
}

/** All of the alerts stage that one process at a time does: rules, delivery, looks, verdicts, canaries. */
export class Alerts {
  readonly desk: VerdictDesk;
  readonly baselines: Baselines;
  readonly #looks: Looks;
  readonly delivery: Delivery;
  readonly #rules: RuleWatch;
  readonly rollouts: Rollouts;

  constructor(deps: AlertsDeps) {
    const { config, routes, trust } = deps;
    const { externalUrl } = config;
    const distrust = (): string | null => (trust().isTrusted ? null : trust().reason);
    this.desk = new VerdictDesk({ ...deps, distrust, config: config.verdicts });
    const desk = this.desk;
    this.baselines = createBaselines(deps);
    this.rollouts = new Rollouts({
      ...deps,
      desk,
      config: config.canaries,
      keep: (states) => this.#looks.keep(states),
    });
    const { everySeconds } = config.looks;
    const reroute = new Reroute({ desk, routes, config: config.reroute, everySeconds });
    const takers = config.reroute.enabled ? [this.rollouts, reroute] : [this.rollouts];
    this.#looks = new Looks({ ...deps, takers, config: config.looks });
    this.delivery = new Delivery({ ...deps, config: config.delivery, externalUrl });
    const actors = { desk, rollouts: this.rollouts, config: config.actions, log: deps.log };
    this.#rules = new RuleWatch({
      ...deps,
      config: config.rules,
      externalUrl,
      deliver: async (alerts) => {
        await actOnAlerts(alerts, { ...actors, routes: routes() });
        await this.delivery.deliver(alerts);
      },
    });
  }

  /** Takes up what was remembered; what is in force must be known before anybody looks. */
  async start(): Promise<void> {
    await this.desk.start();
    await this.#looks.start();
    await this.delivery.start();
    this.#rules.start();
  }

  async stop(): Promise<void> {
    await this.#rules.stop();
    await this.delivery.stop();
    await this.#looks.stop();
    await this.desk.stop();
  }
}
