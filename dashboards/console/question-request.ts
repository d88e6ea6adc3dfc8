import { PlumblineError } from "../../core/errors.ts";
import type { QuestionName } from "../../store/questions.ts";
import { questionNames, questions } from "../../store/questions.ts";

/** Parameters of a question as the store takes them. Times are milliseconds since the Unix epoch. */
export interface AskParameters {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
  readonly where: Readonly<Record<string, string>>;
}

const defaultRangeMs = 3_600_000;
const maxBuckets = 5000;
const wherePrefix = "where.";

const bad = (name: string, problem: string): PlumblineError =>
  new PlumblineError("store.bad_parameter", `Parameter \`${name}\` ${problem}.`);

/** The question of that name; throws `store.unknown_question` when there is none. */
export const parseQuestionName = (name: string): QuestionName => {
  const found = questionNames.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new PlumblineError(
    "store.unknown_question",
    `There is no question \`${name}\`: there are ${questionNames.join(", ")}.`,
  );
};

const single = (query: URLSearchParams, name: string): string | null => {
  const values = query.getAll(name);
  if (values.length > 1) throw bad(name, "is given more than once");
  return values[0] ?? null;
};

/** `Date.parse` alone would take `-5` for a year. */
const isoTime = /^\d{4}-\d\d-\d\d(?:T|$)/;

const parseTime = (query: URLSearchParams, name: string, fallback: number): number => {
  const text = single(query, name);
  if (text === null) return fallback;
  const ms = /^\d{1,14}$/.test(text) ? Number(text) : isoTime.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(ms) || ms < 0)
    throw bad(name, "is neither milliseconds since the Unix epoch nor an ISO 8601 time");
  return ms;
};

const parseStep = (query: URLSearchParams, rangeMs: number): number => {
  const text = single(query, "step");
  if (text === null) return Math.max(60, Math.ceil(rangeMs / 1000 / 100 / 60) * 60);
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1)
    throw bad("step", "is not a whole number of seconds from 1 to 9999999");
  const seconds = Number(text);
  if (rangeMs / 1000 / seconds > maxBuckets) throw bad("step", `makes more than ${maxBuckets} buckets of this range`);
  return seconds;
};

const parseWhere = (query: URLSearchParams, dimensions: readonly string[]): Readonly<Record<string, string>> => {
  const names = [...new Set(query.keys())].filter((name) => name.startsWith(wherePrefix));
  const pairs = names.map((name) => {
    const dimension = name.slice(wherePrefix.length);
    if (!dimensions.includes(dimension)) {
      throw bad(
        name,
        dimensions.length === 0
          ? "is not known: this question has no dimensions"
          : `is not known: there are ${dimensions.join(", ")}`,
      );
    }
    return [dimension, single(query, name) ?? ""] as const;
  });
  return Object.fromEntries(pairs);
};

/**
 * Reads the parameters of a question from a URL: `from` and `to` (milliseconds or ISO 8601; the last hour by default),
 * `step` (seconds; about 100 buckets by default) and `where.<dimension>`. Throws `store.bad_parameter`, naming the one.
 */
export const parseAskParameters = (question: QuestionName, query: URLSearchParams, nowMs: number): AskParameters => {
  for (const name of query.keys()) {
    if (!["from", "to", "step"].includes(name) && !name.startsWith(wherePrefix)) throw bad(name, "is not known");
  }
  const toMs = parseTime(query, "to", nowMs);
  const fromMs = parseTime(query, "from", toMs - defaultRangeMs);
  if (fromMs >= toMs) throw bad("from", "is not before `to`");
  const where = parseWhere(query, questions[question].dimensions);
  return { fromMs, toMs, stepSeconds: parseStep(query, toMs - fromMs), where };
};
