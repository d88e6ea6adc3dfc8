import type { Call } from "../core/call.ts";
import type { Measure } from "../core/measures.ts";
import { answerMeasures, inputMeasures } from "../core/measures.ts";
import { createMeasureAnswer } from "./measure-answer.ts";
import { createMeasureInput } from "./measure-input.ts";
import { firstChoice, readMessages } from "./measure-messages.ts";

/** The text of a call, as JSON of its messages; null when none was kept. */
export interface CallText {
  readonly inputMessages: string | null;
  readonly outputMessages: string | null;
}

/** A call with what was measured of its question and answer. */
export interface MeasuredCall {
  readonly call: Call;
  /** The answer's embedding, to be added up and forgotten; null without a text that has one. */
  readonly embedding: Float32Array | null;
  /** The whole answer's text, to be embedded elsewhere if at all; null without one, or when it is blank. */
  readonly answerText: string | null;
}

/** Measures a call. */
export type MeasureCall = (call: Call, text: CallText) => MeasuredCall;

/** Calls that ended otherwise have no whole answer, and what is missing of it would be measured as a change. */
const measuredOutcomes: ReadonlySet<string> = new Set(["ok", "cache_hit"]);

/** Makes the measuring step, with its tables of some megabytes; calls without a whole answer keep no measures. */
export const createMeasureCall = (): MeasureCall => {
  const measureAnswer = createMeasureAnswer();
  const measureInput = createMeasureInput();
  return (call, text) => {
    if (!measuredOutcomes.has(call.outcome)) {
      return { call, embedding: null, answerText: null };
    }
    const messages = readMessages(text.inputMessages);
    const choice = firstChoice(readMessages(text.outputMessages));
    const answer = measureAnswer({ ...choice, ...endingOf(call), matchesSchema: null });
    const input = measureInput({ messages, inputTokens: call.usage.inputTokens });
    const answerText = choice.text === null || choice.text.trim() === "" ? null : choice.text;
    const measures: Record<string, number> = {};
    addMeasures(measures, answer, answerKeys);
    addMeasures(measures, input, inputKeys);
    return { call: { ...call, measures }, embedding: answer.embedding, answerText };
  };
};

const endingOf = ({ finishReasons, usage }: Call) => ({
  finishReasons,
  outputTokens: usage.source === "provider" ? usage.outputTokens : null,
});

/** Name, key and kind of what is stored; hashes and vectors are no series. */
type Keys = readonly (readonly [name: string, key: string, isCategory: boolean])[];

const keysOf = (side: string, table: Readonly<Record<string, Measure>>): Keys =>
  Object.entries(table).flatMap(([name, { kind, version }]) =>
    kind === "hash" || kind === "vector"
      ? []
      : [[name, `${side}_${snakeCase(name)}@${version}`, kind === "category"] as const],
  );

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const answerKeys = keysOf("answer", answerMeasures);
const inputKeys = keysOf("input", inputMeasures);

const addMeasures = (
  measures: Record<string, number>,
  measured: Readonly<Record<string, unknown>>,
  keys: Keys,
): void => {
  for (const [name, key, isCategory] of keys) {
    const value = measured[name];
    if (isCategory && typeof value === "string") {
      measures[`${key}=${value}`] = 1;
    } else if (typeof value === "number" && Number.isFinite(value)) {
      measures[key] = value;
    } else if (typeof value === "boolean") {
      measures[key] = value ? 1 : 0;
    }
  }
};
