import type { BudgetLevel } from "./budget-config.ts";
import type { BudgetRule, LevelRules } from "./budget-rule.ts";
import { rulesFor } from "./budget-rule.ts";
import type { SpentTotals } from "./spent-totals.ts";
import { windowEnd, windowStart } from "./window.ts";

/** Somebody who has a budget. */
export interface Subject {
  readonly level: BudgetLevel;
  /** As limits name it. */
  readonly name: string;
  /** As it is written down: the name, or what stands for it. */
  readonly id: string;
}

/** What has been counted for one rule of one subject in the present window. */
export interface Counter {
  readonly rule: BudgetRule;
  readonly subject: Pick<Subject, "level" | "id">;
  /** Milliseconds since the Unix epoch; 0 before the first call. */
  startMs: number;
  endMs: number;
  /** Of calls of this process that are over, in the rule's unit. */
  spent: number;
  /** What others have spent: gateways beside this one, and those that went before it. */
  others: number;
  /** Of calls under way, at their worst. */
  reserved: number;
  /** What the disk says this process has spent at most: never less than `spent` and `reserved` together. */
  marked: number;
  /** Whether somebody was told in this window that it is used up. */
  isTold: boolean;
}

/** All that is counted. It is changed by `reserve` and `settle` alone, each of which runs in one go. */
export interface BudgetTable {
  readonly levels: readonly LevelRules[];
  readonly accounts: Map<string, readonly Counter[]>;
  /** What others have spent. */
  readonly totals: SpentTotals;
}

/** Subjects that are counted apart; those beyond share one account of their level, so that memory is bounded and limits hold. */
export const maxAccounts = 100_000;
const shared = "(others)";

/** The counters that a call falls under, of all its subjects, in the window that holds `nowMs`. */
export const countersFor = (table: BudgetTable, subjects: readonly Subject[], nowMs: number): readonly Counter[] => {
  const counters: Counter[] = [];
  for (const rules of table.levels) {
    for (const subject of subjects) {
      if (subject.level === rules.level) {
        counters.push(...countersOf(table, rules, subject));
      }
    }
  }
  for (const counter of counters) {
    roll(table, counter, nowMs);
  }
  return counters;
};

const countersOf = (table: BudgetTable, levelRules: LevelRules, subject: Subject): readonly Counter[] => {
  const rules = rulesFor(levelRules, subject.name);
  if (rules.length === 0) {
    return [];
  }
  const key = accountKey(subject);
  const known = table.accounts.get(key);
  if (known !== undefined) {
    return known;
  }
  const isFull = table.accounts.size >= maxAccounts && subject.id !== shared && !levelRules.byName.has(subject.name);
  if (isFull) {
    return countersOf(table, levelRules, { ...subject, id: shared });
  }
  const made = rules.map((rule) => openCounter(rule, subject));
  table.accounts.set(key, made);
  return made;
};

/** The text that a subject's counters are found by. */
export const accountKey = ({ level, id }: Pick<Subject, "level" | "id">): string => `${level}:${id}`;

const openCounter = (rule: BudgetRule, { level, id }: Subject): Counter => ({
  rule,
  subject: { level, id },
  startMs: 0,
  endMs: 0,
  spent: 0,
  others: 0,
  reserved: 0,
  marked: 0,
  isTold: false,
});

/** A new window begins with nothing; calls of the one before count there. A clock that was set back opens no new window. */
const roll = ({ totals }: BudgetTable, counter: Counter, nowMs: number): void => {
  if (nowMs < counter.endMs) {
    return;
  }
  counter.startMs = windowStart(counter.rule.window, nowMs);
  counter.endMs = windowEnd(counter.rule.window, counter.startMs);
  const place = { of: accountKey(counter.subject), window: counter.rule.window, startMs: counter.startMs };
  counter.spent = 0;
  counter.others = counter.rule.unit === "nanos" ? totals.sumOf(place) : 0;
  counter.reserved = 0;
  counter.marked = 0;
  counter.isTold = false;
};
