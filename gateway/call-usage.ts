import type { Usage } from "../core/usage.ts";
import { estimateTokens, noUsage } from "../core/usage.ts";
import type { Answer } from "./answer.ts";
import type { ChatRequest } from "./chat-request.ts";
import { inputText } from "./input-messages.ts";

/** The token counts of a call: the provider's, else estimated from the text, else none when no content came. */
export const callUsage = (answer: Answer, chat: ChatRequest): Usage => {
  if (answer.usage !== null) {
    return answer.usage;
  }
  if (!answer.hasContent) {
    return noUsage;
  }
  return {
    ...noUsage,
    inputTokens: estimateTokens(inputText(chat.messages)),
    outputTokens: answer.estimatedTokens,
    source: "estimated",
  };
};
