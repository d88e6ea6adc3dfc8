import { z } from "zod";
import type { AttemptStart, CallStart } from "../../call-recorder.ts";

/** What is known of a call under way, and of its attempt under way, from the moment before it is sent. */
export interface BegunCall {
  /** 16 hex characters. */
  readonly callId: string;
  /** 32 hex characters. */
  readonly traceId: string;
  /** Seconds since the Unix epoch, and nanoseconds. */
  readonly startedAt: [number, number];
  readonly start: CallStart;
  /** 16 hex characters. */
  readonly attemptId: string;
  readonly attemptAt: [number, number];
  readonly attempt: AttemptStart;
  /** Target of the first attempt. */
  readonly firstTarget: string;
}

/** To be raised with every change of the layout: a call of another one is not read. */
const layout = 1;
const text = z.string().nullable();
const count = z.number().nullable();
const time = z.tuple([z.int(), z.int()]);

/** Values without names: names would take more bytes, and more of every call's time, than the values. */
const startLayout = z.tuple([
  text,
  text,
  z.enum(["chat", "embeddings"]),
  z.string(),
  text,
  text,
  text,
  text,
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  text,
  z.boolean(),
  count,
  count,
  count,
  text,
  text,
  text,
  count,
]);
const attemptLayout = z.tuple([z.int().min(1), z.string(), z.string(), z.string(), text, count, text]);
const callLayout = z.tuple([
  z.literal(layout),
  z.string().regex(/^[0-9a-f]{16}$/),
  z.string().regex(/^[0-9a-f]{32}$/),
  time,
  startLayout,
  z.string().regex(/^[0-9a-f]{16}$/),
  time,
  attemptLayout,
  z.string(),
]);

/** A text that callers choose is kept up to so many characters when a call does not fit whole. */
const shortCharacters = 256;

/** A call under way in at most `maxBytes`, with long texts cut if need be; null when it does not fit even so. */
export const encodeBegun = (call: BegunCall, maxBytes: number): string | null => {
  const whole = JSON.stringify(valuesOf(call));
  // A unit of its length takes at most three bytes of UTF-8.
  if (whole.length * 3 <= maxBytes || Buffer.byteLength(whole) <= maxBytes) {
    return whole;
  }
  const short = JSON.stringify(valuesOf(shortened(call)));
  return Buffer.byteLength(short) <= maxBytes ? short : null;
};

/** Reads what `encodeBegun` wrote; null for anything else. */
export const decodeBegun = (bytes: Buffer): BegunCall | null => {
  try {
    const parsed = callLayout.safeParse(JSON.parse(bytes.toString("utf8")));
    return parsed.success ? callOf(parsed.data) : null;
  } catch {
    return null;
  }
};

/** Written out, because a loop over the names takes half as long again. */
const valuesOf = (call: BegunCall): z.infer<typeof callLayout> => {
  const { start, attempt } = call;
  return [
    layout,
    call.callId,
    call.traceId,
    call.startedAt,
    [
      start.traceparent,
      start.tracestate,
      start.operation,
      start.tenant,
      start.keyId,
      start.userHash,
      start.session,
      start.feature,
      start.route,
      start.variant,
      start.routeReason,
      start.policyVersion,
      start.provider,
      start.modelRequested,
      start.modelPinned,
      start.isStream,
      start.maxTokens,
      start.imposedMaxTokens,
      start.temperature,
      start.systemPromptHash,
      start.toolsHash,
      start.serverAddress,
      start.serverPort,
    ],
    call.attemptId,
    call.attemptAt,
    [
      attempt.number,
      attempt.provider,
      attempt.target,
      attempt.model,
      attempt.serverAddress,
      attempt.serverPort,
      attempt.providerKey,
    ],
    call.firstTarget,
  ];
};

const callOf = (values: z.infer<typeof callLayout>): BegunCall => {
  const [, callId, traceId, startedAt, start, attemptId, attemptAt, attempt, firstTarget] = values;
  const [number, provider, target, model, serverAddress, serverPort, providerKey] = attempt;
  return {
    callId,
    traceId,
    startedAt,
    start: startOf(start),
    attemptId,
    attemptAt,
    attempt: { number, provider, target, model, serverAddress, serverPort, providerKey },
    firstTarget,
  };
};

const startOf = (values: z.infer<typeof startLayout>): CallStart => ({
  traceparent: values[0],
  tracestate: values[1],
  operation: values[2],
  tenant: values[3],
  keyId: values[4],
  userHash: values[5],
  session: values[6],
  feature: values[7],
  route: values[8],
  variant: values[9],
  routeReason: values[10],
  policyVersion: values[11],
  provider: values[12],
  modelRequested: values[13],
  modelPinned: values[14],
  isStream: values[15],
  maxTokens: values[16],
  imposedMaxTokens: values[17],
  temperature: values[18],
  systemPromptHash: values[19],
  toolsHash: values[20],
  serverAddress: values[21],
  serverPort: values[22],
});

/** The vendor's part of the trace context says nothing to us, and a part of it says nothing to anybody; a parent as long is none. */
const shortened = ({ start, attempt, firstTarget, ...call }: BegunCall): BegunCall => ({
  ...call,
  start: {
    ...start,
    traceparent: (start.traceparent?.length ?? 0) > shortCharacters ? null : start.traceparent,
    tracestate: null,
    modelRequested: short(start.modelRequested),
    routeReason: short(start.routeReason),
  },
  attempt: { ...attempt, model: short(attempt.model), target: short(attempt.target) },
  firstTarget: short(firstTarget),
});

const short = (value: string): string => value.slice(0, shortCharacters).toWellFormed();
