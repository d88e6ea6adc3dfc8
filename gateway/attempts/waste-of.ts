import type { WastedTokens } from "../../core/waste.ts";
import type { ChatRequest } from "../chat-request.ts";
import type { Ending } from "../relay.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import { wastedTokens } from "./wasted-tokens.ts";

/** The provider had the request and was silent, as far as anyone waited. */
const workingTypes: ReadonlySet<string> = new Set([
  "content_timeout",
  "headers_timeout",
  "total_timeout",
  "hedge_lost",
]);

/** What an attempt that was lost has used; null for nothing. */
export const wasteOf = ({ record, plan }: LiveAttempt, ending: Ending, chat: ChatRequest): WastedTokens | null =>
  wastedTokens({
    answer: record.answer,
    chat,
    provider: plan.provider.providerName(chat),
    model: plan.target.model ?? chat.model,
    httpStatus: record.status,
    mayBeAtWork: workingTypes.has(ending.errorType ?? ""),
  });
