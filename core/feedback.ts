import { z } from "zod";

const name = z.string().regex(/^[\x20-\x7e]{1,128}$/, "expected 1 to 128 characters of printable ASCII");

/** The members of a fact about a call, for those who take it in with rules of their own. */
export const feedbackMembers = {
  /** Id of the call, as its answer's `x-request-id` header said: 16 hex characters. */
  callId: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{16}$/, "expected 16 hex characters")
    .optional(),
  /** Trace of which every call is meant when no call is named: 32 hex characters. */
  traceId: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{32}$/, "expected 32 hex characters")
    .optional(),
  /** What is told of the call, such as `thumbs` or `faithfulness`. */
  name,
  /** More is better, and 0 or less is bad: a score of which less is better must be turned round. */
  value: z.number().min(-1e12).max(1e12),
  /** A word for the value; `bad`, `down` and `negative` are bad whatever the value is. */
  label: z.string().min(1).max(256).optional(),
  /** Who says so: `user`, `eval`, `judge` or a name of one's own. */
  source: name,
  /** When it was said, in milliseconds since the Unix epoch; of two facts with one call, name and source the later holds. */
  at: z.int().min(0).max(4_294_967_295_000),
} as const;

/** Whether a fact says which call it is about. */
export const namesACall = ({ callId, traceId }: { readonly callId?: unknown; readonly traceId?: unknown }): boolean =>
  callId !== undefined || traceId !== undefined;

/** What `namesACall` asks for, in words. */
export const callIsMissing = "expected a `callId` or a `traceId`";

/** An outcome or a score of a call, told after it: a message of the topic for feedback. */
export const feedback = z.object(feedbackMembers).refine(namesACall, { message: callIsMissing });

/** An outcome or a score of a call, told after it. */
export type Feedback = z.infer<typeof feedback>;

/** What facts are told apart and ordered by: the call, or the trace where no call is named. */
export const subjectOfFeedback = ({ callId, traceId }: Pick<Feedback, "callId" | "traceId">): string =>
  callId ?? traceId ?? "";

/** Labels that are bad whatever the value is, in small letters. */
export const badLabels = ["bad", "down", "negative"] as const;
