import { z } from "zod";
import type { Labels } from "../../core/alert.ts";
import type { Matcher } from "./matcher.ts";
import { problemOf, testOf } from "./matcher.ts";

const timeMs = z.int().min(0).max(4_294_967_295_000);

/** What one asks for: alerts that satisfy all matchers are not told from the start until the end. */
export const silenceRequest = z.strictObject({
  matchers: z
    .array(
      z
        .strictObject({
          name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/),
          operator: z.enum(["=", "!=", "=~", "!~"]),
          value: z.string().max(1_024),
        })
        .superRefine((matcher, context) => {
          const message = problemOf(matcher);
          if (message !== null) {
            context.addIssue({ code: "custom", path: ["value"], message });
          }
        }),
    )
    .min(1)
    .max(32)
    .refine((matchers) => matchers.some((matcher) => problemOf(matcher) !== null || !testOf([matcher])({})), {
      message: "at least one condition must exclude alerts without that label, else everything would be silent",
    }),
  startsAtMs: timeMs,
  endsAtMs: timeMs,
  author: z.string().min(1).max(256),
  comment: z.string().min(1).max(2_000),
});

/** What one asks for. */
export type SilenceRequest = z.infer<typeof silenceRequest>;

/** A silence as it is kept. */
export const silence = silenceRequest.extend({ id: z.string().min(1).max(64), createdAtMs: timeMs });

/** A silence as it is kept. */
export type Silence = z.infer<typeof silence>;

/** Silences by id. */
export type Silences = ReadonlyMap<string, Silence>;

/** A silence that was added, or why it was not. */
export type SilenceResult =
  | { readonly ok: true; readonly silence: Silence }
  | { readonly ok: false; readonly message: string };

/** Milliseconds that a silence is shown after its end. */
const keptAfterEndMs = 5 * 86_400_000;

/** Adds a silence, or says why it cannot be. */
export const addSilence = (
  silences: Silences,
  request: SilenceRequest,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
):
  | { readonly ok: true; readonly silences: Silences; readonly added: Silence }
  | { readonly ok: false; readonly message: string } => {
  if (request.endsAtMs <= request.startsAtMs) {
    return { ok: false, message: "the end must be after the start" };
  }
  if (request.endsAtMs <= nowMs) {
    return { ok: false, message: "the end is in the past" };
  }
  // What was told before it was made cannot be silenced afterwards.
  const added = { ...request, startsAtMs: Math.max(request.startsAtMs, nowMs), id, createdAtMs: nowMs };
  return { ok: true, silences: new Map([...silences, [id, added]]), added };
};

/** Ends a silence now, or before it has begun; null when there is none with this id that has not ended. */
export const endSilence = (silences: Silences, id: string, nowMs: number): Silences | null => {
  const found = silences.get(id);
  if (found === undefined || found.endsAtMs <= nowMs) {
    return null;
  }
  const startsAtMs = Math.min(found.startsAtMs, nowMs);
  return new Map([...silences, [id, { ...found, startsAtMs, endsAtMs: nowMs }]]);
};

/** The silences without those that ended five days ago. */
export const forgetSilences = (silences: Silences, nowMs: number): Silences =>
  new Map([...silences].filter(([, { endsAtMs }]) => endsAtMs + keptAfterEndMs > nowMs));

/** Whether a silence has begun and not ended. */
const isActive = ({ startsAtMs, endsAtMs }: Silence, nowMs: number): boolean => startsAtMs <= nowMs && nowMs < endsAtMs;

/** Tells the id of an active silence that an alert with these labels falls under; null when there is none. */
export const silencerOf = (silences: Silences, nowMs: number): ((labels: Labels) => string | null) => {
  const active = [...silences.values()]
    .filter((each) => isActive(each, nowMs))
    .map(({ id, matchers }) => ({ id, isMatch: testOf(matchers satisfies readonly Matcher[]) }));
  return (labels) => active.find(({ isMatch }) => isMatch(labels))?.id ?? null;
};
