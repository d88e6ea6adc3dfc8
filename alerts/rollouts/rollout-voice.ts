import type { Store } from "../../store/store.ts";
import type { Rollout } from "./rollout.ts";
import { isUnderWay } from "./rollout.ts";
import { rolloutEvent } from "./rollout-event.ts";

/** Tells those who look back what became of canaries: every change at once, and every minute how far each has come. */
export class RolloutVoice {
  readonly #store: Pick<Store, "saveEvents">;
  readonly #said = new Map<string, string>();

  constructor(store: Pick<Store, "saveEvents">) {
    this.#store = store;
  }

  async tell(rollout: Rollout, atMs: number): Promise<void> {
    const { id, status, judge, verdict } = rollout;
    const saying = `${status} ${judge.stage} ${verdict} ${Math.floor(atMs / 60_000)}`;
    if (this.#said.get(id) !== saying || !isUnderWay(rollout)) {
      this.#said.set(id, saying);
      await this.#store.saveEvents({ token: `canary:${id}:${atMs}`, canaries: [rolloutEvent(rollout, atMs)] });
    }
  }
}
