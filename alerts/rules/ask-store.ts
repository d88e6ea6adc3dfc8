import type { TimeSpan } from "../../store/read-measures.ts";
import type { AnswerRow, Store } from "../../store/store.ts";
import type { ReadRows } from "./read-answers.ts";
import type { RuleSource } from "./rule-schema.ts";

/** A bucket as wide as it can be holds all time from 1970 to 2106, so that questions over time answer for a window as a whole. */
const wholeWindowSeconds = 4_294_967_295;

/** Reads the rows of rules from the store; equal reads of one look are made once. */
export const askStore = ({ ask, query }: Pick<Store, "ask" | "query">): ReadRows => {
  const asked = new Map<string, Promise<readonly AnswerRow[]>>();
  return (source, span) => {
    const key = JSON.stringify([source, span]);
    const rows =
      asked.get(key) ??
      (source.kind === "question"
        ? ask(source.question, { ...span, stepSeconds: wholeWindowSeconds, where: source.where })
        : query(withBounds(source, span)));
    asked.set(key, rows);
    return rows;
  };
};

const withBounds = ({ sql }: Extract<RuleSource, { kind: "sql" }>, { fromMs, toMs }: TimeSpan): string =>
  sql.replaceAll("{from:DateTime64(3)}", timeText(fromMs)).replaceAll("{to:DateTime64(3)}", timeText(toMs));

const timeText = (ms: number): string => `fromUnixTimestamp64Milli(toInt64(${Math.round(ms)}), 'UTC')`;
