import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Target } from "../route-table.ts";
import type { BreakerState } from "./breaker.ts";
import { Breaker } from "./breaker.ts";
import type { BreakerConfig } from "./breaker-config.ts";
import { TargetHealth } from "./target-health.ts";

/** What the board works with. */
export interface HealthBoardArgs {
  readonly config: BreakerConfig;
  readonly meter: Meter;
  readonly log: Log;
}

const degrees: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 0.5, open: 1 };

/** How every target of this process does. Routes that send to the same model of a provider share what is known of it. */
export class HealthBoard {
  readonly #args: HealthBoardArgs;
  /** By provider, then by model; null stands for whichever model is requested. */
  readonly #targets = new Map<string, Map<string | null, TargetHealth>>();

  constructor(args: HealthBoardArgs) {
    this.#args = args;
  }

  of({ provider, model }: Pick<Target, "provider" | "model">): TargetHealth {
    const known = this.#targets.get(provider)?.get(model);
    if (known !== undefined) return known;
    const made = this.#make(model === null ? provider : `${provider}/${model}`);
    const models = this.#targets.get(provider) ?? new Map<string | null, TargetHealth>();
    this.#targets.set(provider, models.set(model, made));
    return made;
  }

  #make(target: string): TargetHealth {
    const { config, meter, log } = this.#args;
    return new TargetHealth(new Breaker(config), (state) => {
      meter.set("gatewayBreaker", degrees[state], { target });
      log.warn({ target, state }, "the breaker of a target has changed");
    });
  }
}
