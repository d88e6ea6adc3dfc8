import type { TimeSpan } from "../../store/read-measures.ts";
import type { AnswerRow, Store } from "../../store/store.ts";
import type { ReadRows, WindowRead } from "./read-answers.ts";
import type { RuleSource } from "./rule-schema.ts";

/** A bucket as wide as it can be holds all time from 1970 to 2106, so that questions over time answer for a window as a whole. */
const wholeWindowSeconds = 4_294_967_295;

/** Reads the rows of rules from the store. */
export const askStore =
  ({ ask, query }: Pick<Store, "ask" | "query">): ReadRows =>
  ({ source, span }) =>
    source.kind === "question"
      ? ask(source.question, { ...span, stepSeconds: wholeWindowSeconds, where: source.where })
      : query(withBounds(source, span));

const withBounds = ({ sql }: Extract<RuleSource, { kind: "sql" }>, { fromMs, toMs }: TimeSpan): string =>
  sql.replaceAll("{from:DateTime64(3)}", timeText(fromMs)).replaceAll("{to:DateTime64(3)}", timeText(toMs));

const timeText = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${Math.round(ms)}), 'UTC')`;

/** An answer is taken again for at most this part of its window, and at most so long: it can hardly have changed. */
const reusedPart = 1 / 60;
const longestReuseMs = 300_000;

/** Reads through to `read`, and takes answers again: equal ones within a look, and for a while those over long windows. */
export const reuseAnswers = (read: ReadRows): ReadRows => {
  const answers = new Map<string, { readonly toMs: number; readonly rows: Promise<readonly AnswerRow[]> }>();
  return (wanted) => {
    const key = keyOf(wanted);
    const known = answers.get(key);
    if (known !== undefined && isFresh(known.toMs, wanted.span)) {
      return known.rows;
    }
    const rows = read(wanted);
    answers.set(key, { toMs: wanted.span.toMs, rows });
    rows.catch(() => answers.delete(key));
    return rows;
  };
};

const keyOf = ({ source, window }: WindowRead): string => JSON.stringify([source, window]);

const isFresh = (askedToMs: number, { fromMs, toMs }: TimeSpan): boolean => {
  const ageMs = toMs - askedToMs;
  return ageMs === 0 || (ageMs > 0 && ageMs < Math.min((toMs - fromMs) * reusedPart, longestReuseMs));
};
