import { z } from "zod";

const histogram = z.object({ bins: z.array(z.int()).readonly(), counts: z.array(z.int()).readonly() });
const grid = z.array(z.number()).readonly();

/** What came of a target in one look, as far as its recent state is told from it. */
const recentLook = z.object({ calls: z.int(), failed: z.int(), latency: histogram });

/** Tests that run while a target lacks traffic: whether it is as well as the others again. */
const recovery = z.object({
  sinceMs: z.number(),
  /** Evidence that it is as fast as the others at each threshold, and that it fails no more than they. */
  fast: z.array(grid).readonly(),
  sound: grid,
  /** ln(1 + R) of the evidence that it fails seldom, whatever the others do. */
  seldom: z.number(),
});

/** Where the judgement of one target stands. */
export const targetState = z.object({
  /** What is left of its weight: 1, or less while it lacks traffic. */
  factor: z.number(),
  /** Latencies that are usual for it, and those that will be next. */
  usual: histogram,
  next: histogram,
  /** Evidence that it is slow, at each threshold, and that it fails. */
  slow: z.array(grid).readonly(),
  failing: grid,
  /** ln(1 + R) of the evidence that it fails more often than may be, whatever the others do. */
  often: z.number(),
  recent: z.array(recentLook).readonly(),
  recovery: recovery.nullable(),
});

/** Where the judgement of one target stands. */
export type TargetState = z.infer<typeof targetState>;

/** What came of a target in one look. */
export type RecentLook = z.infer<typeof recentLook>;
