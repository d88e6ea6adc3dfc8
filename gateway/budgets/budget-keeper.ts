import type { Mark } from "./budget-file.ts";
import { appendMarks, readMarks, totalsOf, writeMarks } from "./budget-file.ts";
import type { BudgetTable, Counter } from "./budget-table.ts";
import { accountKey } from "./budget-table.ts";
import type { SpentTotal } from "./spent-totals.ts";
import { windowEnd } from "./window.ts";

/** Where spending is kept. */
export interface BudgetKeeperArgs {
  /** Null keeps it in memory alone. */
  readonly file: string | null;
  /** Names this process in the file. */
  readonly gatewayId: string;
  /** Whether gateways tell each other what they spend: then each writes down its own alone. */
  readonly isShared: boolean;
  readonly onError: (error: unknown) => void;
}

/** Part of a limit by which marks go ahead of spending: a hundred writes use a budget up, and a kill loses no more than one. */
const step = 0.01;
/** Lines after which the file is written anew. */
const maxLines = 50_000;

/** Keeps on disk what was spent at most, so that neither a restart nor a kill gives anybody a budget again. */
export class BudgetKeeper {
  readonly #args: BudgetKeeperArgs;
  #lines = 0;

  constructor(args: BudgetKeeperArgs) {
    this.#args = args;
  }

  /** What the file holds of windows that are not over. */
  load(nowMs: number): readonly SpentTotal[] {
    const { file } = this.#args;
    const marks = file === null ? [] : readMarks(file);
    return totalsOf(marks.filter((mark) => isPresent(mark, nowMs)));
  }

  /** Writes ahead where spending has passed what is written. It comes before the call is sent. */
  keep(table: BudgetTable, counters: readonly Counter[], nowMs: number): void {
    const { file } = this.#args;
    const passed = file === null ? [] : counters.filter(hasPassedMark);
    if (file === null || passed.length === 0) {
      return;
    }
    for (const counter of passed) {
      counter.marked = counter.spent + counter.reserved + Math.ceil(counter.rule.most * step);
    }
    this.#write(() =>
      appendMarks(
        file,
        passed.map((counter) => this.#markOf(counter, counter.marked)),
      ),
    );
    this.#lines += passed.length;
    if (this.#lines > maxLines) {
      this.#lines = 0;
      this.#write(() => {
        const others = readMarks(file).filter((mark) => mark.by !== this.#args.gatewayId && isPresent(mark, nowMs));
        writeMarks(file, [...others, ...this.#marks(table, nowMs, ({ marked }) => marked)]);
      });
    }
  }

  /** Adds what was spent exactly; calls that are still under way count at their worst. */
  finish(table: BudgetTable, nowMs: number): void {
    const { file } = this.#args;
    const marks = this.#marks(table, nowMs, ({ spent, reserved }) => spent + reserved);
    if (file !== null && marks.length > 0) {
      this.#write(() => appendMarks(file, marks));
    }
  }

  #marks(table: BudgetTable, nowMs: number, nanosOf: (counter: Counter) => number): readonly Mark[] {
    return [...table.accounts.values()]
      .flat()
      .filter(({ rule, endMs }) => rule.unit === "nanos" && nowMs < endMs)
      .map((counter) => this.#markOf(counter, nanosOf(counter)));
  }

  #markOf({ rule, subject, startMs, others }: Counter, nanos: number): Mark {
    const { gatewayId, isShared } = this.#args;
    const place = { by: gatewayId, of: accountKey(subject), window: rule.window, startMs };
    return isShared ? { ...place, nanos, isOwn: true } : { ...place, nanos: nanos + others };
  }

  /** A disk that cannot be written takes nobody's calls away: the budgets in memory hold on. */
  #write(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#args.onError(error);
    }
  }
}

const hasPassedMark = ({ rule, spent, reserved, marked }: Counter): boolean =>
  rule.unit === "nanos" && spent + reserved > marked;

const isPresent = ({ window, startMs }: Mark, nowMs: number): boolean => nowMs < windowEnd(window, startMs);
