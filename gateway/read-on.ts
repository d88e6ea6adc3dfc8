import type { AbortDrains } from "./abort-drains.ts";

/** Reads one answer on that nobody gets, to learn what it costs: within the places there are, its time and its bytes. */
export class ReadOn {
  readonly #drains: AbortDrains;
  #isOn = false;
  #bytes = 0;

  constructor(drains: AbortDrains) {
    this.#drains = drains;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Begins, and returns the time by which it must be over, in milliseconds on the clock of `nowMs`; null where no place is left. */
  begin(nowMs: number): number | null {
    if (this.#isOn || !this.#drains.take()) {
      return null;
    }
    this.#isOn = true;
    return nowMs + this.#drains.config.ms;
  }

  /** A part of the answer has come; false when that is more than is to be read. */
  mayTake(bytes: number): boolean {
    this.#bytes += this.#isOn ? bytes : 0;
    return this.#bytes <= this.#drains.config.bytes;
  }

  /** Gives the place back; a second time changes nothing. */
  end(): void {
    if (this.#isOn) {
      this.#isOn = false;
      this.#drains.release();
    }
  }
}
