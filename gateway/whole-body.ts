import type { Answer } from "./answer.ts";
import { isRecord } from "./is-record.ts";
import type { ProviderError } from "./provider-error.ts";
import type { Surface } from "./surfaces/surface.ts";
import type { AnswerEvent, AnswerLabels, AnswerReader } from "./wires/answer-event.ts";
import { foldAnswer } from "./wires/whole-answer.ts";

/** Reads the body of an answer that is no stream. */
export interface WholeBody {
  /** Takes the parsed body in; false when it is no answer of the provider's format. */
  readonly read: (parsed: unknown) => boolean;
  /** Null where the caller gets the provider's bytes as they are. */
  readonly rewrite: WholeRewrite | null;
}

/** Writes a body anew in the caller's format. */
export interface WholeRewrite {
  /** The answer that was read; null when there was none. */
  readonly answer: () => Buffer | null;
  readonly error: (status: number, error: ProviderError) => Buffer;
}

/** A body in OpenAI's format for a caller who speaks it. */
export const chatBody = (answer: Answer): WholeBody => ({
  read: (parsed) => {
    answer.read(parsed);
    return isRecord(parsed);
  },
  rewrite: null,
});

/** A body in any format for a caller who speaks it. */
export const sameBody = (answer: Answer, reader: AnswerReader): WholeBody => ({
  read: (parsed) => {
    const steps = isRecord(parsed) ? reader.readWhole(parsed) : [];
    for (const step of steps) {
      answer.take(step);
    }
    return steps.length > 0;
  },
  rewrite: null,
});

/** A body in any format for a caller who speaks another. */
export const translatedBody = (args: {
  readonly answer: Answer;
  readonly reader: AnswerReader;
  readonly surface: Surface;
  readonly labels: AnswerLabels;
}): WholeBody => {
  const { answer, reader, surface, labels } = args;
  let steps: readonly AnswerEvent[] = [];
  return {
    read: (parsed) => {
      steps = isRecord(parsed) ? reader.readWhole(parsed) : [];
      for (const step of steps) {
        answer.take(step);
      }
      return steps.length > 0;
    },
    rewrite: {
      answer: () =>
        steps.length === 0 || answer.errorType !== null
          ? null
          : Buffer.from(JSON.stringify(surface.writeWhole(foldAnswer(steps), labels))),
      error: (status, { errorType, message }) => {
        const said = message === "" ? `The provider answered with status ${status}.` : message;
        const type = status < 500 ? "invalid_request_error" : "api_error";
        const code = errorType === "_OTHER" ? String(status) : errorType;
        return Buffer.from(surface.errorBody({ status, message: said, type, code, param: null }));
      },
    },
  };
};
