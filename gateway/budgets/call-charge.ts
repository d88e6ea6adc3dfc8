import type { BudgetHold } from "./admission.ts";
import type { ChargedEnd } from "./charge-of.ts";

/** What budgets charge one call, attempt by attempt. A call that no budget counts goes through it unhindered. */
export class CallCharge {
  readonly #hold: BudgetHold | null;
  /** For an attempt beside the first; null while there is none. */
  #second: BudgetHold | null = null;
  #isSettled = false;

  constructor(hold: BudgetHold | null) {
    this.#hold = hold;
  }

  /** Charges an attempt that was lost before another begins; false where no budget allows another. */
  retry(end: ChargedEnd, target: string): boolean {
    const isIn = this.#hold?.retry(end, target) ?? true;
    this.#isSettled ||= !isIn;
    return isIn;
  }

  /** Reserves the worst case of an attempt beside the one under way. Returns what gives it back; null where no budget has room. */
  addSecond(): (() => void) | null {
    const second = this.#hold?.beside() ?? null;
    this.#second = second;
    return this.#hold !== null && second === null ? null : () => second?.release();
  }

  /** Charges the one of two attempts that was lost: what is held for the call then stands for the other. */
  settleLost(end: ChargedEnd, target: string): void {
    this.#second?.settle(end, target);
    this.#second = null;
  }

  /** Charges the call what it came to, unless it was settled before. */
  settle(end: ChargedEnd, target: string): void {
    if (!this.#isSettled) {
      this.#isSettled = true;
      this.#hold?.settle(end, target);
    }
  }
}
