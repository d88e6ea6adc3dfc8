import type { ChatRequestResult } from "../chat-request.ts";
import type { MemberCheck } from "../request-members.ts";
import type { AnswerLabels, AnswerWriter } from "../wires/answer-event.ts";
import type { WholeAnswer } from "../wires/whole-answer.ts";
import type { WireName } from "../wires/wire-name.ts";

/** An error as a caller is told of it. */
export interface CallerError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string;
  /** The request's member that is wrong; null when none is to blame. */
  readonly param: string | null;
}

/** One interface that callers speak: how its requests are read, and how its answers and errors are written. */
export interface Surface {
  readonly path: string;
  /** What it is, in a few words for its documentation. */
  readonly summary: string;
  /** What the members of a request must be. */
  readonly checks: readonly MemberCheck[];
  /** Value of `gen_ai.operation.name`. */
  readonly operation: "chat" | "embeddings";
  /** The format of its requests and answers; a target that speaks it gets and sends them unchanged. */
  readonly wire: WireName;
  readonly parse: (body: Buffer) => ChatRequestResult;
  readonly openWriter: (labels: AnswerLabels) => AnswerWriter;
  readonly writeWhole: (answer: WholeAnswer, labels: AnswerLabels) => unknown;
  /** The body of an answer that is an error, as JSON text. */
  readonly errorBody: (error: CallerError) => string;
  /** The event that ends a stream which broke off. */
  readonly errorEvent: (error: CallerError) => string;
}
