import { z } from "zod";
import { messageOf } from "../../core/errors.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** Where and how recorded calls are sent. */
export interface SendOptions {
  /** Base address of the gateway. */
  readonly baseUrl: string;
  readonly route: string;
  readonly isStream: boolean;
  /** How many times faster than recorded. */
  readonly speed: number;
  readonly signal: AbortSignal;
}

/** What became of a call: the usage its answer carried, or why there is no complete answer. */
export type SendResult =
  | { readonly ok: true; readonly inputTokens: number; readonly outputTokens: number }
  | { readonly ok: false; readonly reason: string };

const usageShape = z.object({ prompt_tokens: z.int(), completion_tokens: z.int() });
const answerShape = z.object({ usage: usageShape });
const chunkShape = z.object({ usage: usageShape.nullish() });
const errorShape = z.object({ error: z.object({ code: z.string().nullish(), message: z.string() }) });

/** Sends one recorded call through the gateway and reads its answer to the end. */
export const sendCall = async (call: RecordedCall, options: SendOptions): Promise<SendResult> => {
  try {
    const response = await fetch(`${options.baseUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-plumbline-route": options.route },
      body: JSON.stringify(bodyOf(call, options)),
      signal: options.signal,
    });
    const text = await response.text();
    if (!response.ok) {
      return { ok: false, reason: `HTTP ${response.status} ${errorCodeOf(text)}` };
    }
    return options.isStream ? streamResult(text) : answerResult(text);
  } catch (error) {
    return { ok: false, reason: causeOf(error) };
  }
};

const bodyOf = (call: RecordedCall, options: SendOptions): unknown => ({
  model: call.model,
  messages: [{ role: "user", content: call.query }],
  ...(options.isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
  plumbline_recorded: { ...call.recording, speed: options.speed },
});

const answerResult = (text: string): SendResult => {
  const parsed = answerShape.safeParse(parseJson(text));
  return parsed.success ? resultOf(parsed.data.usage) : { ok: false, reason: "an answer without usage" };
};

/** A stream is complete only when `[DONE]` came; its usage stands in the last event that has one. */
const streamResult = (text: string): SendResult => {
  const events = text.split("\n").flatMap((line) => (line.startsWith("data: ") ? [line.slice(6).trim()] : []));
  if (events.at(-1) !== "[DONE]") {
    return { ok: false, reason: "a stream without its end" };
  }
  const usages = events.slice(0, -1).flatMap((event) => {
    const chunk = chunkShape.safeParse(parseJson(event));
    return chunk.success && chunk.data.usage ? [chunk.data.usage] : [];
  });
  const usage = usages.at(-1);
  return usage === undefined ? { ok: false, reason: "a stream without usage" } : resultOf(usage);
};

const resultOf = (usage: z.infer<typeof usageShape>): SendResult => ({
  ok: true,
  inputTokens: usage.prompt_tokens,
  outputTokens: usage.completion_tokens,
});

const errorCodeOf = (text: string): string => {
  const parsed = errorShape.safeParse(parseJson(text));
  return parsed.success ? (parsed.data.error.code ?? parsed.data.error.message) : "without an error body";
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** `fetch` hides the reason of a failed connection in `cause`. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
