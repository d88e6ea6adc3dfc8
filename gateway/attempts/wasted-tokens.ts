import { estimateTokens } from "../../core/usage.ts";
import type { WastedTokens } from "../../core/waste.ts";
import type { Answer } from "../answer.ts";
import type { ChatRequest } from "../chat-request.ts";
import { inputText } from "../input-messages.ts";

/**
 * What a lost attempt has used: the provider's own counts, else an estimate; null where the provider bills nothing, because
 * it was not reached or answered with an error.
 */
export const wastedTokens = (args: {
  readonly answer: Answer;
  readonly chat: ChatRequest;
  readonly provider: string;
  readonly model: string;
  /** Status of the answer; null when none came. */
  readonly httpStatus: number | null;
  /** Whether the provider may be at work on an answer that has not begun. */
  readonly mayBeAtWork: boolean;
}): WastedTokens | null => {
  const { answer, chat, provider, model, httpStatus, mayBeAtWork } = args;
  const isBilled = httpStatus === null ? mayBeAtWork : httpStatus < 400;
  if (!isBilled) return null;
  const { usage } = answer;
  return {
    provider,
    model: answer.model ?? model,
    inputTokens: usage?.inputTokens ?? estimateTokens(inputText(chat.messages)),
    outputTokens: usage?.outputTokens ?? answer.estimatedTokens,
  };
};
