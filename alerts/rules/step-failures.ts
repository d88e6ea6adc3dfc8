import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";

/** What is said when a step of a look fails; the next look tries again. */
const failures = {
  load: "what alert rules remember cannot be read: no rule is looked at until it can",
  ask: "the store does not answer alert rules; alerts stay as they are",
  save: "the state of alerts cannot be saved; a restart would go on from the state before",
  deliver: "alerts cannot be handed on",
} as const;

/** A step of a look at all rules. */
type LookStep = keyof typeof failures;

/** Says once when a step begins to fail, and once when it works again. */
export class StepFailures {
  readonly #log: Log;
  readonly #failing = new Set<LookStep>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Does the work of a step; resolves with whether it succeeded. */
  async attempt(step: LookStep, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.succeed(step);
      return true;
    } catch (error) {
      this.fail(step, error);
      return false;
    }
  }

  fail(step: LookStep, error: unknown): void {
    if (!this.#failing.has(step)) {
      this.#log.error({ err: messageOf(error) }, failures[step]);
    }
    this.#failing.add(step);
  }

  succeed(step: LookStep): void {
    if (this.#failing.delete(step)) {
      this.#log.info({ step }, "a step of the alert rules works again");
    }
  }
}
