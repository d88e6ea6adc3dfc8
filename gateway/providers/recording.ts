import { z } from "zod";
import type { ChatRequest } from "../chat-request.ts";

/** Name of the request's member that carries a recording. */
export const recordingMember = "plumbline_recorded";

const tokens = z.int().min(0);

/** A recorded answer, as the request that replays it carries it. */
const recordingSchema = z.strictObject({
  answer: z.string().describe("Text of the answer."),
  latency_s: z.number().min(0).max(86_400).describe("Seconds from request to the end of the answer."),
  ttft_s: z.number().min(0).max(86_400).nullish().describe("Seconds to the first token; absent when not streamed."),
  finish_reason: z.string().max(64).nullish().describe("Why the answer ended; absent means stop."),
  input_tokens: tokens.nullish().describe("Input tokens; absent means that they are estimated."),
  output_tokens: tokens.nullish().describe("Output tokens; absent means that they are estimated."),
  provider: z.string().max(256).nullish().describe("Who answered when it was recorded."),
  speed: z.number().positive().max(1_000_000).nullish().describe("Times faster than recorded; absent means 1."),
});

/** A recorded answer with its times. */
export type Recording = z.infer<typeof recordingSchema>;

/** A recording, or what is wrong with it. */
export type RecordingResult =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly message: string; readonly param: string };

/** Reads the recording that a request carries. */
export const readRecording = (chat: ChatRequest): RecordingResult => {
  const value = chat.members[recordingMember];
  if (value === undefined) {
    const message = `This route replays recordings: the request must carry '${recordingMember}' with an answer and latency_s.`;
    return { ok: false, message, param: recordingMember };
  }
  const parsed = recordingSchema.safeParse(value);
  if (parsed.success) {
    return { ok: true, recording: parsed.data };
  }
  const [issue] = parsed.error.issues;
  const param = [recordingMember, ...(issue?.path ?? [])].join(".");
  return { ok: false, message: `'${param}' is wrong: ${issue?.message ?? "not a recording"}.`, param };
};
