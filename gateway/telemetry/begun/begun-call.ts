import { z } from "zod";
import type { AttemptStart, CallStart } from "../../call-recorder.ts";

const text = z.string().nullable();
const count = z.number().nullable();

const callStart: z.ZodType<CallStart> = z.object({
  traceparent: text,
  tracestate: text,
  operation: z.enum(["chat", "embeddings"]),
  tenant: z.string(),
  keyId: text,
  userHash: text,
  session: text,
  feature: text,
  route: z.string(),
  variant: z.string(),
  routeReason: z.string(),
  policyVersion: z.string(),
  provider: z.string(),
  modelRequested: z.string(),
  modelPinned: text,
  isStream: z.boolean(),
  maxTokens: count,
  imposedMaxTokens: count,
  temperature: count,
  systemPromptHash: text,
  toolsHash: text,
  serverAddress: text,
  serverPort: count,
});

const attemptStart: z.ZodType<AttemptStart> = z.object({
  number: z.int().min(1),
  provider: z.string(),
  target: z.string(),
  model: z.string(),
  serverAddress: text,
  serverPort: count,
});

/** Seconds since the Unix epoch, and nanoseconds. */
const time = z.tuple([z.int(), z.int()]);

const begunCall = z.object({
  callId: z.string().regex(/^[0-9a-f]{16}$/),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  startedAt: time,
  start: callStart,
  attemptId: z.string().regex(/^[0-9a-f]{16}$/),
  attemptAt: time,
  attempt: attemptStart,
  /** Target of the first attempt. */
  firstTarget: z.string(),
});

/** What is known of a call under way, and of its attempt under way, from the moment before it is sent. */
export type BegunCall = z.infer<typeof begunCall>;

/** A text that callers choose is kept up to so many characters when a call does not fit whole. */
const shortCharacters = 256;

/** A call under way in at most `maxBytes`, with long texts cut if need be; null when it does not fit even so. */
export const encodeBegun = (call: BegunCall, maxBytes: number): string | null => {
  const whole = JSON.stringify(call);
  // A character takes at most three bytes of UTF-8 for each unit of its length.
  if (whole.length * 3 <= maxBytes || Buffer.byteLength(whole) <= maxBytes) {
    return whole;
  }
  const short = JSON.stringify(shortened(call));
  return Buffer.byteLength(short) <= maxBytes ? short : null;
};

/** Reads what `encodeBegun` wrote; null for anything else. */
export const decodeBegun = (bytes: Buffer): BegunCall | null => {
  try {
    const parsed = begunCall.safeParse(JSON.parse(bytes.toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
};

/** The vendor's part of the trace context says nothing to us, and a part of it says nothing to anybody. */
const shortened = ({ start, attempt, firstTarget, ...call }: BegunCall): BegunCall => ({
  ...call,
  start: {
    ...start,
    tracestate: null,
    modelRequested: short(start.modelRequested),
    routeReason: short(start.routeReason),
  },
  attempt: { ...attempt, model: short(attempt.model), target: short(attempt.target) },
  firstTarget: short(firstTarget),
});

const short = (value: string): string => value.slice(0, shortCharacters).toWellFormed();
