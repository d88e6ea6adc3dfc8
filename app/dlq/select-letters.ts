import { PlumblineError } from "../../core/errors.ts";
import type { ListedLetter } from "./list-letters.ts";

/** Which letters are meant. */
export interface LetterFilter {
  /** Only letters with this code; absent means any. */
  readonly code?: string;
  /** Only letters written since then, in milliseconds since the Unix epoch; absent means since ever. */
  readonly sinceMs?: number;
  /** Also letters that were sent again already. */
  readonly withRedriven: boolean;
}

/** The letters that pass the filter. */
export const filterLetters = (letters: readonly ListedLetter[], filter: LetterFilter): readonly ListedLetter[] =>
  letters.filter(
    ({ code, atMs, redrivenAtMs }) =>
      (filter.code === undefined || code === filter.code) &&
      (filter.sinceMs === undefined || atMs >= filter.sinceMs) &&
      (filter.withRedriven || redrivenAtMs === null),
  );

/** The letters of these ids, each once, whether they were sent again or not; throws `dlq.unknown_letter` when one is not there. */
export const pickLetters = (letters: readonly ListedLetter[], ids: readonly string[]): readonly ListedLetter[] => {
  const wanted = new Set(ids);
  const picked = letters.filter(({ id }) => wanted.delete(id));
  if (wanted.size > 0) {
    throw new PlumblineError("dlq.unknown_letter", `there is no dead letter ${[...wanted].join(", ")}`);
  }
  return picked;
};
