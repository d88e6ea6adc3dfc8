import { questions } from "../../store/questions.ts";
import type { TimeSpan } from "../../store/read-measures.ts";
import type { AnswerRow } from "../../store/store.ts";
import type { ReadRows } from "./read-answers.ts";
import type { RuleSource } from "./rule-schema.ts";

/** A part of the past, and what a source says of it: `empty` holds for all of its parts as well. */
interface Part {
  readonly span: TimeSpan;
  answer: { readonly isEmpty: boolean; readonly rows: readonly AnswerRow[] } | null;
  halves: readonly [Part, Part] | null;
}

/** Parts are halved down to this: below, asking for the window itself costs no more. */
const leastPartMs = 3_600_000;

/**
 * Reads through to `read`, but not where a question has nothing to say of a whole stretch of the past: then it has nothing to
 * say of any window in it. What SQL of one's own would say of a part cannot be known from the whole.
 */
export const skipEmpty = (read: ReadRows, past: TimeSpan): ReadRows => {
  const wholes = new Map<string, Part>();
  return async (wanted) => {
    const { source, span } = wanted;
    if (source.kind === "sql" || span.fromMs < past.fromMs || span.toMs > past.toMs) {
      return read(wanted);
    }
    const key = JSON.stringify(source);
    const whole = wholes.get(key) ?? partOf(past);
    wholes.set(key, whole);
    const ask = (of: TimeSpan): Promise<readonly AnswerRow[]> => read({ source, window: "part", span: of });
    return (await emptyAnswer({ part: whole, span, source, ask })) ?? read(wanted);
  };
};

const partOf = (span: TimeSpan): Part => ({ span, answer: null, halves: null });

interface Search {
  readonly part: Part;
  readonly span: TimeSpan;
  readonly source: Extract<RuleSource, { kind: "question" }>;
  readonly ask: (span: TimeSpan) => Promise<readonly AnswerRow[]>;
}

/** The answer for a span that lies in empty parts; null where it does not. */
const emptyAnswer = async (search: Search): Promise<readonly AnswerRow[] | null> => {
  const { part, span, source, ask } = search;
  if (part.answer === null) {
    const rows = await ask(part.span);
    part.answer = { rows, isEmpty: isEmptyAnswer(rows, source) };
  }
  const { fromMs, toMs } = part.span;
  if (part.answer.isEmpty) {
    return part.answer.rows;
  }
  if (toMs - fromMs <= leastPartMs) {
    return null;
  }
  // Rows are by the minute: a border within one would part what a window takes whole.
  const middle = Math.round((fromMs + toMs) / 2 / 60_000) * 60_000;
  part.halves ??= [partOf({ fromMs, toMs: middle }), partOf({ fromMs: middle, toMs })];
  let rows: readonly AnswerRow[] | null = [];
  for (const half of part.halves.filter((one) => span.fromMs < one.span.toMs && span.toMs > one.span.fromMs)) {
    rows = rows === null ? null : await emptyAnswer({ ...search, part: half });
  }
  return rows;
};

/** No row, or of a question of one row one with nothing in it. */
const isEmptyAnswer = (rows: readonly AnswerRow[], { question }: Search["source"]): boolean => {
  const values = questions[question].columns.filter(({ role }) => role === "value");
  const isNothing = (row: AnswerRow): boolean => values.every(({ name }) => Number(row[name] ?? 0) === 0);
  return questions[question].isOneRow === true ? rows.every(isNothing) : rows.length === 0;
};
