import type { Notification } from "./group.ts";

/** A notification that waits to be sent. */
export interface Waiting {
  readonly notification: Notification;
  /** Failed tries so far. */
  readonly tries: number;
  /** It is not tried before, in milliseconds since the Unix epoch. */
  readonly notBeforeMs: number;
  /** What came of the last try, in words; empty before the first. */
  readonly says: string;
}

/** What to do with what waits: try one, or wait until a time; null waits for something new. */
export type NextTry =
  | { readonly kind: "try"; readonly waiting: Waiting }
  | { readonly kind: "wait"; readonly untilMs: number | null };

/**
 * Picks what is tried next: what has been allowed to be tried for the longest, what was never tried before all, but of each group
 * only the first. So a receiver hears of a group in order, and one notification that it cannot take holds up no other group.
 */
export const nextTry = (all: readonly Waiting[], nowMs: number): NextTry => {
  const [first] = headsOf(all).toSorted((a, b) => a.notBeforeMs - b.notBeforeMs);
  if (first === undefined) {
    return { kind: "wait", untilMs: null };
  }
  return first.notBeforeMs <= nowMs ? { kind: "try", waiting: first } : { kind: "wait", untilMs: first.notBeforeMs };
};

/** The first of each group, in their order. */
const headsOf = (all: readonly Waiting[]): readonly Waiting[] => {
  const seen = new Set<string>();
  return all.filter(({ notification: { groupKey } }) => {
    const isFirst = !seen.has(groupKey);
    seen.add(groupKey);
    return isFirst;
  });
};
