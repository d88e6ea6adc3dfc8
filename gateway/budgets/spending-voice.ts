import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { errorCodeOf } from "../error-code-of.ts";

/** Tells how gateways hear of each other's spending: every failure is counted, and each change is one line of the log. */
export class SpendingVoice {
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #failing = new Set<"tell" | "hear">();
  #isUnreadable = false;

  constructor(deps: { readonly log: Log; readonly meter: Meter }) {
    this.#log = deps.log;
    this.#meter = deps.meter;
  }

  tellFailure(what: "tell" | "hear", error: unknown): void {
    this.#meter.add("budgetReportErrors", 1, { code: errorCodeOf(error) });
    if (!this.#failing.has(what)) {
      this.#failing.add(what);
      const side = what === "tell" ? "cannot be told to the other gateways" : "by other gateways cannot be heard";
      this.#log.warn({ err: error }, `what is spent ${side}: together they may pass a budget`);
    }
  }

  tellRecovery(what: "tell" | "hear"): void {
    if (this.#failing.delete(what)) {
      this.#log.info({}, `what is spent can be ${what === "tell" ? "told" : "heard"} again`);
    }
  }

  /** A record is no report; only the first is a line of the log. */
  tellUnreadable(): void {
    this.#meter.add("budgetReportErrors", 1, { code: "budget.unreadable" });
    if (!this.#isUnreadable) {
      this.#isUnreadable = true;
      this.#log.warn({}, "a record on what gateways have spent cannot be read and is skipped");
    }
  }
}
