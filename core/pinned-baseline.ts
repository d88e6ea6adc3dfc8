import { z } from "zod";

/** Under whose name pinned baselines are kept in the store. */
export const baselinesOwner = "baselines";

const name = z.string().min(1).max(256);
const time = z.iso.datetime({ offset: true });

/** Which answers a baseline is made of, and which are held against it; what is absent means every one. */
export const baselineWindow = z.strictObject({
  route: name,
  tenant: name.optional(),
  variant: name.optional(),
  /** As it answers. */
  model: name.optional(),
  /** Answers to probes are compared apart; all others whatever their prompt. */
  prompt: z.literal("probe").optional(),
  /** Begin and end, in ISO 8601 and whole hours. */
  from: time,
  to: time,
});

/** Which answers a baseline is made of. */
export type BaselineWindow = z.infer<typeof baselineWindow>;

/** A span of answers that somebody found good, as it is kept: what was cleared stays, to be looked up. */
export const pinnedBaseline = z.strictObject({
  id: z.string(),
  window: baselineWindow,
  /** Who found it good, why, and when; milliseconds since the Unix epoch. */
  by: z.string(),
  reason: z.string(),
  atMs: z.number(),
  /** Answers that it took in. */
  answers: z.int(),
  /** Who ended it and when; null while it holds. */
  cleared: z.strictObject({ by: z.string(), reason: z.string(), atMs: z.number() }).nullable(),
});

/** A span of answers that somebody found good. */
export type PinnedBaseline = z.infer<typeof pinnedBaseline>;
