import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { errorCodeOf } from "../error-code-of.ts";
import type { BudgetUnit } from "./budget-rule.ts";
import type { Counter } from "./budget-table.ts";
import { accountKey } from "./budget-table.ts";

/** Tells what becomes of budgets: every call is counted, and each change is one line of the log. */
export class BudgetVoice {
  readonly #log: Log;
  readonly #meter: Meter;
  #isFailing = false;

  constructor(deps: { readonly log: Log; readonly meter: Meter }) {
    this.#log = deps.log;
    this.#meter = deps.meter;
  }

  /** A hard limit has refused a call. */
  tellRefused(counter: Counter): void {
    this.#meter.add("budgetRefused", 1, labelsOf(counter));
    this.#tellOnce(counter, "a budget has no room for a call: calls that do not fit are refused until its window ends");
  }

  /** A soft limit has let a call pass. */
  tellOver(counter: Counter): void {
    this.#meter.add("budgetOver", 1, labelsOf(counter));
    this.#tellOnce(counter, "a soft budget may be passed: calls go on");
  }

  /** What was spent could not be written down. */
  tellFailure(error: unknown): void {
    this.#meter.add("budgetErrors", 1, { code: errorCodeOf(error) });
    if (!this.#isFailing) {
      this.#isFailing = true;
      this.#log.error({ err: error }, "what budgets have spent cannot be written down: a kill may give it again");
    }
  }

  #tellOnce(counter: Counter, message: string): void {
    if (counter.isTold) {
      return;
    }
    counter.isTold = true;
    const { rule, spent, others, reserved, endMs } = counter;
    const { unit, window, most } = rule;
    this.#log.warn(
      {
        budget: accountKey(counter.subject),
        unit,
        window,
        most,
        spent,
        others,
        reserved,
        until: new Date(endMs).toISOString(),
      },
      message,
    );
  }
}

/** Which limit it was, for a caller; it names no numbers, which may be nobody's business but the operator's. */
export const limitText = ({ rule, subject }: Counter): string => {
  const whose =
    subject.level === "gateway" || subject.level === "user" ? subject.level : `${subject.level} "${subject.id}"`;
  return `The call could pass the limit of the ${whose} on ${unitNames[rule.unit]} per ${rule.window}.`;
};

const unitNames: Readonly<Record<BudgetUnit, string>> = { nanos: "dollars", requests: "calls", tokens: "tokens" };

const labelsOf = ({ rule: { level, unit, window } }: Counter): Readonly<Record<string, string>> => ({
  level,
  unit,
  window,
});
