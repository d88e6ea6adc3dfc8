import type { Usage } from "../../../core/usage.ts";
import type { AnswerLabels, FinishReason } from "../answer-event.ts";
import type { WholeAnswer } from "../whole-answer.ts";
import { writeResponsesUsage } from "./responses-usage.ts";

/** What a response object says about itself, besides what its request said. */
export interface ResponseState {
  readonly id: string;
  readonly model: string;
  readonly output: readonly object[];
  /** Null while it is under way. */
  readonly finish: FinishReason | null;
  readonly usage: Usage;
}

/** The response object of OpenAI's responses: what the request asked for, and how far the answer is. */
export const responseObject = (state: ResponseState, { members, createdS }: AnswerLabels): object => ({
  id: state.id,
  object: "response",
  created_at: createdS,
  status: statusOf(state.finish),
  background: false,
  error: null,
  incomplete_details: incompleteDetails(state.finish),
  instructions: members["instructions"] ?? null,
  max_output_tokens: members["max_output_tokens"] ?? null,
  model: state.model,
  output: state.output,
  parallel_tool_calls: members["parallel_tool_calls"] ?? true,
  previous_response_id: null,
  reasoning: members["reasoning"] ?? null,
  store: false,
  temperature: members["temperature"] ?? null,
  text: members["text"] ?? { format: { type: "text" } },
  tool_choice: members["tool_choice"] ?? "auto",
  tools: members["tools"] ?? [],
  top_p: members["top_p"] ?? null,
  truncation: "disabled",
  usage: state.finish === null ? null : writeResponsesUsage(state.usage),
  metadata: members["metadata"] ?? {},
});

/** A whole answer as a response of OpenAI's. */
export const writeResponse = (answer: WholeAnswer, labels: AnswerLabels): unknown => {
  const { callId } = labels;
  const output = [
    ...(answer.reasoning === "" ? [] : [reasoningItem(`rs_${callId}`, answer.reasoning)]),
    ...(answer.text === "" ? [] : [messageItem(`msg_${callId}`, answer.text)]),
    ...answer.toolCalls.map((call, index) => callItem(`fc_${callId}_${index}`, call)),
  ];
  return responseObject(
    {
      id: `resp_${callId}`,
      model: answer.model ?? labels.model,
      output,
      finish: answer.finish ?? "stop",
      usage: answer.usage,
    },
    labels,
  );
};

/** A part of a message that is text. */
export const textPart = (text: string): object => ({ type: "output_text", text, annotations: [], logprobs: [] });

/** A finished message. */
export const messageItem = (id: string, text: string): object => ({
  id,
  type: "message",
  status: "completed",
  role: "assistant",
  content: [textPart(text)],
});

/** Finished reasoning. */
export const reasoningItem = (id: string, text: string): object => ({
  id,
  type: "reasoning",
  status: "completed",
  summary: [{ type: "summary_text", text }],
});

/** A finished tool call. */
export const callItem = (
  id: string,
  call: { readonly id: string; readonly name: string; readonly arguments: string },
): object => ({
  id,
  type: "function_call",
  status: "completed",
  call_id: call.id,
  name: call.name,
  arguments: call.arguments,
});

const statusOf = (finish: FinishReason | null): string => {
  if (finish === null) {
    return "in_progress";
  }
  return finish === "length" || finish === "content_filter" ? "incomplete" : "completed";
};

const incompleteDetails = (finish: FinishReason | null): object | null => {
  if (finish === "length") {
    return { reason: "max_output_tokens" };
  }
  return finish === "content_filter" ? { reason: "content_filter" } : null;
};
