import type { Usage } from "../../core/usage.ts";

/** Why an answer ended, in OpenAI's words. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** One step of an answer, whatever format it came in. Put together in order, the steps are the answer. */
export type AnswerEvent =
  /** Who answers; null where the provider did not say. */
  | { readonly kind: "start"; readonly id: string | null; readonly model: string | null }
  | { readonly kind: "text" | "reasoning"; readonly text: string }
  /** A tool call begins; calls are numbered from 0. */
  | { readonly kind: "tool_call"; readonly index: number; readonly id: string; readonly name: string }
  /** More of a call's arguments, which are JSON text. */
  | { readonly kind: "tool_arguments"; readonly index: number; readonly text: string }
  /** Why it ended; `said` is the provider's own word. */
  | { readonly kind: "finish"; readonly reason: FinishReason; readonly said: string }
  /** All counts known so far, and what the provider sent of them: a later one takes the place of an earlier one. */
  | { readonly kind: "usage"; readonly usage: Usage; readonly raw: unknown }
  /** Vectors of embeddings, in order of the inputs. */
  | { readonly kind: "vectors"; readonly vectors: readonly (readonly number[])[] }
  /** The provider reports an error; `errorType` is a name of few values. */
  | { readonly kind: "error"; readonly errorType: string; readonly message: string };

/** Reads one answer of one format, streamed or whole. */
export interface AnswerReader {
  /** Whether a stream has said that it is over. */
  readonly isDone: boolean;
  /** The steps that one event of a stream stands for. */
  readonly readEvent: (event: Readonly<Record<string, unknown>>) => readonly AnswerEvent[];
  /** The steps of a whole answer; none when it is no answer of this format. */
  readonly readWhole: (body: Readonly<Record<string, unknown>>) => readonly AnswerEvent[];
}

/** Writes one streamed answer in the format of a surface. */
export interface AnswerWriter {
  /** The events for one step; empty text when there is nothing to say yet. */
  readonly write: (event: AnswerEvent) => string;
  /** What ends a stream that ended well: it goes out after the call's record is safe. */
  readonly end: () => string;
}

/** What a writer says about the answer besides its content. */
export interface AnswerLabels {
  readonly callId: string;
  /** The model named when the provider names none. */
  readonly model: string;
  /** Seconds since the Unix epoch. */
  readonly createdS: number;
  /** Whether the caller of a chat completion asked for token counts on its stream. */
  readonly wantsUsage: boolean;
  /** The caller's request, for surfaces that repeat parts of it. */
  readonly members: Readonly<Record<string, unknown>>;
}
