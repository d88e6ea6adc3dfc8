import { z } from "zod";

const tokens = z.int().nonnegative();

/**
 * One recorded call. `answer_tokens` is accepted for `output_tokens`; other members of a line are ignored. A `time` lets
 * the replay keep the recorded pace; a null counts as absent.
 */
const recordedLine = z.object({
  query: z.string(),
  answer: z.string(),
  model: z.string().min(1),
  latency_s: z.number().nonnegative(),
  ttft_s: z.number().nonnegative().nullish(),
  input_tokens: tokens.nullish(),
  output_tokens: tokens.nullish(),
  answer_tokens: tokens.nullish(),
  finish_reason: z.string().nullish(),
  provider: z.string().min(1).nullish(),
  time: z.union([z.number(), z.iso.datetime({ offset: true, local: true })]).nullish(),
});

/** A recorded call, ready to be sent. */
export interface RecordedCall {
  readonly query: string;
  readonly model: string;
  /** When it was made, in milliseconds since the Unix epoch; null when the recording does not say. */
  readonly atMs: number | null;
  /** What the recorded provider is to play. */
  readonly recording: {
    readonly answer: string;
    readonly latency_s: number;
    readonly ttft_s?: number;
    readonly input_tokens?: number;
    readonly output_tokens?: number;
    readonly finish_reason?: string;
    readonly provider?: string;
  };
}

/** A parsed line, or what is wrong with it. */
export type ParsedLine =
  | { readonly ok: true; readonly call: RecordedCall }
  | { readonly ok: false; readonly problem: string };

/** Parses one line of a recording. */
export const parseRecordedCall = (line: string): ParsedLine => {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, problem: "not JSON" };
  }
  const parsed = recordedLine.safeParse(value);
  if (!parsed.success) {
    const problem = parsed.error.issues
      .map((issue) => `${issue.path.join(".") || "line"}: ${issue.message}`)
      .join("; ");
    return { ok: false, problem };
  }
  return { ok: true, call: callOf(parsed.data) };
};

const callOf = (line: z.infer<typeof recordedLine>): RecordedCall => {
  const outputTokens = line.output_tokens ?? line.answer_tokens;
  return {
    query: line.query,
    model: line.model,
    atMs: line.time === null || line.time === undefined ? null : timeMs(line.time),
    recording: {
      answer: line.answer,
      latency_s: line.latency_s,
      ...present({ ttft_s: line.ttft_s, input_tokens: line.input_tokens, output_tokens: outputTokens }),
      ...present({ finish_reason: line.finish_reason, provider: line.provider }),
    },
  };
};

/** Numbers are seconds since the Unix epoch, as most traces have them. */
const timeMs = (time: number | string): number => (typeof time === "number" ? time * 1000 : Date.parse(time));

/** The members of an object that are neither null nor absent. */
const present = <T>(members: Readonly<Record<string, T | null | undefined>>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value]])),
  );
