import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { z } from "zod";
import type { AnswerMeasures, InputMeasures } from "../../core/measures.ts";
import type { AnswerInput } from "../../processors/measure-answer.ts";
import { createMeasureAnswer } from "../../processors/measure-answer.ts";
import { createMeasureInput } from "../../processors/measure-input.ts";
import { readMessages } from "../../processors/measure-messages.ts";

const measureAnswer = createMeasureAnswer();
const measureInput = createMeasureInput();

/** An answer of this text with no tool call, and what a test changes of it. */
export const answerOf = (text: string | null, change: Partial<AnswerInput> = {}): AnswerInput => ({
  text,
  toolCalls: [],
  isCut: false,
  finishReasons: ["stop"],
  outputTokens: null,
  matchesSchema: null,
  ...change,
});

/** What is measured of an answer of this text. */
export const measured = (text: string | null, change: Partial<AnswerInput> = {}): AnswerMeasures =>
  measureAnswer(answerOf(text, change));

/** What is measured of an input whose only message is this text of a user. */
export const measuredInput = (text: string): InputMeasures =>
  measureInput({
    messages: readMessages(JSON.stringify([{ role: "user", parts: [{ type: "text", content: text }] }])),
    inputTokens: null,
  });

/** The rows of a gzip file of JSON lines. */
export const readRows = <Row>(path: string, row: z.ZodType<Row>): readonly Row[] =>
  gunzipSync(readFileSync(path))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => row.parse(JSON.parse(line)));
