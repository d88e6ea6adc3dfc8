import type { AnswerRow, Ask } from "../../../dashboards/console/answers.ts";
import type { AskParameters } from "../../../dashboards/console/question-request.ts";
import type { QuestionName } from "../../../store/questions.ts";
import { questions } from "../../../store/questions.ts";
import type { QuestionColumn } from "../../../store/questions-column.ts";

const names: Readonly<Record<string, readonly (string | boolean)[]>> = {
  gateway: ["1f0c5a52-6a0e-4a43-9d1c-5f9f7e3b2a10", "b0a4a9a1-4c36-44a5-8f0e-0d9b3c1e7f22"],
  reason: ["calls that finished more than 10 s ago are stored"],
  measure: ["answer_tokens@1"],
  says: ["answer tokens median fell from 132 to 1.00; 1000 answers against 1000 (the version before, gpt-4-0314)"],
  state: ["reporting"],
  status: ["alarm", "watching"],
  tenant: ["acme", "globex"],
  trusted: [true],
  outcome: ["provider_error", "timeout"],
  provider: ["anthropic", "openai"],
  route: ["chat", "summaries", "support-bot"],
  model: ["claude-opus-4-6", "gemini-3-pro", "gpt-4o", "gpt-4o-mini"],
};

/** A number from 0 to 1 that depends on the text alone. */
const noise = (text: string): number => {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) >>> 0;
  return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
};

/** A plausible cell: counts and money as the decimal strings that the store sends. */
const cellOf = (column: QuestionColumn, seed: string): unknown => {
  const size = 0.4 + 0.6 * noise(`${column.name} ${seed}`);
  switch (column.unit) {
    case "calls":
      return String(Math.round(column.name.includes("error") ? 3 * size : 120 * size));
    case "gateways":
    case "count":
      return "2";
    case "tokens":
      return String(Math.round(48_000 * size));
    case "nanodollars":
      return String(Math.round(123_456_789 * size));
    case "milliseconds":
      return 900 * size;
    case "seconds":
      return 3 * size;
    case "ratio":
      return column.name.includes("error") ? 0.02 * size : 1;
    case "score":
      return size;
    case "nats":
      return 12 * size;
    case "timestamp":
      return "2026-01-31 12:00:00";
    case "none":
      return `${column.name}-${seed.length}`;
  }
};

const combine = (columns: readonly QuestionColumn[]): readonly AnswerRow[] =>
  columns.reduce<readonly AnswerRow[]>(
    (rows, { name }) =>
      rows.flatMap((row) => (names[name] ?? [`${name}-1`]).map((value) => ({ ...row, [name]: value }))),
    [{}],
  );

const timesOf = ({ fromMs, toMs, stepSeconds }: AskParameters): readonly string[] => {
  const stepMs = stepSeconds * 1000;
  const first = Math.floor(fromMs / stepMs) * stepMs;
  const count = Math.ceil((toMs - first) / stepMs);
  return Array.from({ length: count }, (_, index) =>
    new Date(first + index * stepMs).toISOString().slice(0, 19).replace("T", " "),
  );
};

const rowsAt = (question: QuestionName, time: string | null): readonly AnswerRow[] => {
  const { columns } = questions[question];
  return combine(columns.filter(({ role }) => role === "label")).map((labels) => {
    const seed = `${time} ${JSON.stringify(labels)}`;
    const cells = columns
      .filter(({ role }) => role !== "label")
      .map((column) => [column.name, column.role === "time" ? time : cellOf(column, seed)]);
    return { ...labels, ...Object.fromEntries(cells) };
  });
};

/** Answers every question of the catalogue in its own columns, with traffic that is the same each time. */
export const sampleAnswers: Ask = async (question, parameters) => {
  const hasTime = questions[question].columns.some(({ role }) => role === "time");
  return hasTime ? timesOf(parameters).flatMap((time) => rowsAt(question, time)) : rowsAt(question, null);
};
