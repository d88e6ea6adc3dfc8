import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";

/** An answer of a target that is pinned to a model. */
export interface PinnedAnswer {
  readonly route: string;
  readonly variant: string;
  readonly pinned: string;
  /** Model that answered, as the provider named it. */
  readonly served: string;
}

/** Tells when a target is answered by another model than the one it is pinned to: with the first answer, and when that changes. */
export class PinWatch {
  readonly #deps: { readonly log: Log; readonly meter: Meter };
  /** The other model that each pinned target served last; nothing while it serves the one it is pinned to. */
  readonly #others = new Map<string, string>();

  constructor(deps: { readonly log: Log; readonly meter: Meter }) {
    this.#deps = deps;
  }

  saw({ route, variant, pinned, served }: PinnedAnswer): void {
    const { log, meter } = this.#deps;
    const key = JSON.stringify([route, variant]);
    const before = this.#others.get(key);
    if (served === pinned) {
      if (before !== undefined) {
        this.#others.delete(key);
        log.info({ route, variant, pinned }, "the pinned model is served again");
      }
      return;
    }
    meter.add("gatewayPinMismatch", 1, { route, variant });
    if (before !== served) {
      this.#others.set(key, served);
      log.warn({ route, variant, pinned, served }, "another model is served than the pinned one");
    }
  }
}
