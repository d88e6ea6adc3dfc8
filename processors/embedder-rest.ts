import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";

const firstRestMs = 1_000;
const mostRestMs = 60_000;
/** An endpoint that asks for more time gets it, up to so much. */
const mostAskedMs = 600_000;

/** Why a request failed. */
export interface Failure {
  /** In words, without anything that was sent. */
  readonly says: string;
  /** How long the endpoint asked to be left alone, in milliseconds; null when it did not say. */
  readonly afterMs: number | null;
}

/**
 * Leaves an endpoint alone after a failure, for a pause that doubles with every further one; then one request at a time tries it,
 * until one succeeds. So a hanging endpoint holds up one batch a pause, not each.
 */
export class EndpointRest {
  readonly #clock: Clock;
  readonly #log: Log;
  #failures = 0;
  #untilMs = Number.NEGATIVE_INFINITY;
  #isTrying = false;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether a request may be made now; who may calls one of the others when it is over. */
  admit(): boolean {
    if (this.#failures === 0) {
      return true;
    }
    if (this.#isTrying || this.#clock.monotonicMs() < this.#untilMs) {
      return false;
    }
    this.#isTrying = true;
    return true;
  }

  /** A request was not made, or given up for no fault of the endpoint. */
  abandoned(): void {
    this.#isTrying = false;
  }

  /** A request that began before the failure says nothing of what is after it. */
  succeeded(): void {
    if (this.#isTrying) {
      this.#isTrying = false;
      this.#failures = 0;
      this.#log.info({}, "the embeddings endpoint is back");
    }
  }

  /** Requests that were under way beside each other make one pause, the longest that is asked for. */
  failed({ says, afterMs }: Failure): void {
    const nowMs = this.#clock.monotonicMs();
    this.#untilMs = Math.max(this.#untilMs, nowMs + Math.min(afterMs ?? 0, mostAskedMs));
    if (this.#failures > 0 && !this.#isTrying) {
      return;
    }
    this.#isTrying = false;
    const pauseMs = Math.min(firstRestMs * 2 ** Math.min(this.#failures, 30), mostRestMs);
    this.#untilMs = Math.max(this.#untilMs, nowMs + pauseMs);
    if (this.#failures === 0) {
      this.#log.warn({ reason: says }, "the embeddings endpoint fails; answers are stored without its embeddings");
    }
    this.#failures += 1;
  }
}
