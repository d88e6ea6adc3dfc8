import type { BudgetRule } from "./budget-rule.ts";
import type { BudgetTable, Counter, Subject } from "./budget-table.ts";
import { countersFor } from "./budget-table.ts";

/** What a call takes: its worst case before it is sent, and what it came to after. */
export interface Amounts {
  /** Nano-dollars. */
  readonly nanos: number;
  /** Input and output tokens together. */
  readonly tokens: number;
}

/** What one counter holds for a call under way. */
interface Hold {
  readonly counter: Counter;
  /** Of the window that the call counts in. */
  readonly startMs: number;
  readonly amount: number;
}

/** A call under way, as budgets know it; `settle` and `release` close it. */
export interface Reservation {
  readonly holds: readonly Hold[];
  readonly reserved: Amounts;
  isOpen: boolean;
}

/** A reservation, or the counter that has no room for it. */
export type Reserved =
  | {
      readonly ok: true;
      readonly reservation: Reservation;
      /** Counters of soft rules that the call takes over their limit. */
      readonly over: readonly Counter[];
    }
  | {
      readonly ok: false;
      /** Of several, the one that has room again last. */
      readonly by: Counter;
      /** Milliseconds until its next window; waiting helps only when one call alone is within the limit. */
      readonly retryAfterMs: number;
    };

/**
 * Takes the worst case of a call out of every budget that it falls under, or out of none. Nothing else runs meanwhile, so that
 * at no time what is spent, reserved and known of others together is above a hard limit. Calls count in the window in which they are admitted.
 */
export const reserve = (
  table: BudgetTable,
  request: { readonly subjects: readonly Subject[]; readonly worst: Amounts },
  nowMs: number,
): Reserved => {
  const counters = countersFor(table, request.subjects, nowMs);
  const short = counters.filter((counter) => !hasRoom(counter, request.worst));
  const by = lastToEnd(short.filter(({ rule }) => rule.isHard));
  if (by !== null) {
    return { ok: false, by, retryAfterMs: by.endMs - nowMs };
  }
  const holds = counters.map((counter) => {
    const amount = amountOf(counter.rule, request.worst);
    counter.reserved += amount;
    return { counter, startMs: counter.startMs, amount };
  });
  return { ok: true, reservation: { holds, reserved: request.worst, isOpen: true }, over: short };
};

/** Replaces what a call has reserved by what it came to; a second time changes nothing. */
export const settle = (reservation: Reservation, actual: Amounts): void =>
  close(reservation, (rule) => amountOf(rule, actual));

/** Gives back what a call has reserved that was never sent; a second time changes nothing. */
export const release = (reservation: Reservation): void => close(reservation, () => 0);

/**
 * Charges an attempt that was lost, and keeps as much reserved for the next as for the first; false where there is no room for
 * another, and then the call is settled. A call stays one call, however often it is tried.
 */
export const retry = (reservation: Reservation, lost: Amounts): boolean => {
  const counted = countedHolds(reservation);
  if (!reservation.isOpen || counted.some(({ counter }) => counter.rule.isHard && !hasRoom(counter, lost))) {
    settle(reservation, lost);
    return false;
  }
  for (const { counter } of counted) {
    counter.spent += amountOf(counter.rule, lost);
  }
  return true;
};

/**
 * Takes the worst case of a call once more, for a second attempt beside the one under way; null where a hard rule has no room.
 * It is no second call.
 */
export const reserveBeside = (reservation: Reservation): Reservation | null => {
  const { reserved, isOpen } = reservation;
  const holds = countedHolds(reservation);
  if (!isOpen || holds.some(({ counter }) => counter.rule.isHard && !hasRoom(counter, reserved))) {
    return null;
  }
  for (const { counter, amount } of holds) {
    counter.reserved += amount;
  }
  return { holds, reserved, isOpen: true };
};

/** What counts a second attempt at a call: not what counts calls, and not a window that is over. */
const countedHolds = ({ holds }: Reservation): readonly Hold[] =>
  holds.filter(({ counter, startMs }) => counter.startMs === startMs && counter.rule.unit !== "requests");

/** The part of a call that a rule counts. */
const amountOf = ({ unit }: BudgetRule, amounts: Amounts): number => (unit === "requests" ? 1 : amounts[unit]);

const hasRoom = ({ rule, spent, others, reserved }: Counter, worst: Amounts): boolean =>
  spent + others + reserved + amountOf(rule, worst) <= rule.most;

const lastToEnd = (counters: readonly Counter[]): Counter | null =>
  counters.reduce<Counter | null>(
    (last, counter) => (last === null || counter.endMs > last.endMs ? counter : last),
    null,
  );

const close = (reservation: Reservation, cameTo: (rule: BudgetRule) => number): void => {
  if (!reservation.isOpen) {
    return;
  }
  reservation.isOpen = false;
  for (const { counter, startMs, amount } of reservation.holds) {
    // The window of the call is over: its counter stands for the next one.
    if (counter.startMs === startMs) {
      counter.reserved -= amount;
      counter.spent += cameTo(counter.rule);
    }
  }
};
