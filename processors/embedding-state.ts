import { z } from "zod";
import type { Block } from "./embedding-block.ts";
import { storedBlock, toStored } from "./embedding-block.ts";

/** Blocks of answers that a series is held against, and where they come from. */
const baseline = z.strictObject({
  /** In words. */
  from: z.string(),
  blocks: z.array(storedBlock),
});

/** Blocks of answers that a series is held against. */
export type EmbeddingBaseline = z.infer<typeof baseline>;

const pass = z.strictObject({
  against: baseline,
  /** Places of the blocks of the baseline that nothing was compared with yet. */
  left: z.array(z.int()),
  isOfVersion: z.boolean(),
  /** Start of its first minute, in milliseconds since the Unix epoch. */
  startedMs: z.number(),
  /** What was used of the baseline, and what came since the pass began: they tell in which direction the next block is looked for. */
  used: storedBlock,
  seen: storedBlock,
  /** The state of test G. */
  logs: z.array(z.number()),
});

/** One pass over a baseline: each of its blocks is compared with what came in one minute, and no other. */
export type EmbeddingPass = z.infer<typeof pass>;

/** The state of a series' test. */
export const embeddingState = z.strictObject({
  own: baseline,
  pass: pass.nullable(),
  /** Passes that were begun. */
  passes: z.int(),
  isAlarmed: z.boolean(),
});

/** The state of a series' test. */
export type EmbeddingState = z.infer<typeof embeddingState>;

/** What is stored of a state, as JSON. */
export const stateText = ({ own, pass: current, ...rest }: EmbeddingState): string =>
  JSON.stringify({
    ...rest,
    own: storedBaseline(own),
    pass:
      current === null
        ? null
        : {
            ...current,
            against: storedBaseline(current.against),
            used: toStored(current.used),
            seen: toStored(current.seen),
          },
  });

const storedBaseline = ({ from, blocks }: { readonly from: string; readonly blocks: readonly Block[] }) => ({
  from,
  blocks: blocks.map(toStored),
});
