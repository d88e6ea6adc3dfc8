import { z } from "zod";
import type { EmbeddedMinute } from "../core/embedding-sum.ts";
import { embeddingParts } from "../core/embedding-sum.ts";
import type { EmbeddingSums } from "../stats/reference/linear-mmd.ts";

/** Sums of the embeddings of some answers that are compared as one. */
export interface Block extends EmbeddingSums {
  readonly sum: readonly number[];
}

/** The block of a minute. */
export const blockOf = ({ n, sum, squaredNorms }: EmbeddedMinute): Block => ({ count: n, sum, squaredNorms });

/** The answers of both blocks. */
export const joined = (one: Block, two: Block): Block => ({
  count: one.count + two.count,
  sum: one.sum.map((value, place) => value + (two.sum[place] ?? 0)),
  squaredNorms: one.squaredNorms + two.squaredNorms,
});

/** The answers of all blocks; null without one. */
export const joinedAll = (blocks: readonly Block[]): Block | null =>
  blocks.reduce<Block | null>((all, block) => (all === null ? block : joined(all, block)), null);

/** The blocks with one more; where that would be more than `most`, the two neighbours with the fewest answers become one. */
export const withBlock = (blocks: readonly Block[], block: Block, most: number): readonly Block[] => {
  const all = [...blocks, block];
  if (all.length <= most) {
    return all;
  }
  const pairs = all.slice(1).map(({ count }, place) => count + (all[place]?.count ?? 0));
  const fewest = pairs.indexOf(Math.min(...pairs));
  return all.flatMap((one, place) => {
    const next = all[place + 1];
    return place === fewest + 1 ? [] : [place === fewest && next !== undefined ? joined(one, next) : one];
  });
};

/** How many answers there are in all blocks. */
export const answersOf = (blocks: readonly Block[]): number => blocks.reduce((total, { count }) => total + count, 0);

/** A block as it is stored: what a sum was made of are whole parts, so that nothing is lost. */
export const storedBlock = z
  .strictObject({ count: z.int(), squaredNorms: z.number(), parts: z.base64() })
  .transform(({ count, squaredNorms, parts }): Block => {
    const bytes = Buffer.from(parts, "base64");
    const sum = Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readInt32LE(place * 4) / embeddingParts);
    return { count, squaredNorms, sum };
  });

/** What is stored of a block. */
export const toStored = ({ count, squaredNorms, sum }: Block): z.input<typeof storedBlock> => ({
  count,
  squaredNorms,
  parts: Buffer.from(Int32Array.from(sum, (value) => Math.round(value * embeddingParts)).buffer).toString("base64"),
});
