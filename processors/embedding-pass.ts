import { blockScore, blockVariance, blockWitness } from "../stats/evidence/block-witness.ts";
import { witnessOf } from "../stats/evidence/witness.ts";
import { randomFrom } from "./drift-draw.ts";
import type { Block } from "./embedding-block.ts";
import { joined, joinedAll } from "./embedding-block.ts";
import type { EmbeddingBaseline, EmbeddingPass } from "./embedding-state.ts";

/** Blocks that a baseline must have to be compared with. */
export const leastBlocks = 10;
/** Share of the blocks that only tell where a difference is looked for, at first. */
const sampleShare = 0.25;
/** Blocks that nothing was compared with, by which a variance is known; with fewer a pass ends. */
const leastLeft = 5;
/** Later passes last a quarter of an hour at least, for which their bound is made. */
const leastMs = 15 * 60_000;
/** Answers after which half of what is left of a version before is used, and the most that a minute uses of it. */
const versionPace = { answers: 300, mostOfMinute: 0.3 } as const;

const test = blockWitness();

/** Begins a pass over a baseline with its first minute, which tells where a difference is looked for; the seed shuffles its blocks. */
export const openEmbeddingPass = (args: {
  readonly against: EmbeddingBaseline;
  readonly first: Block;
  readonly startedMs: number;
  readonly isOfVersion: boolean;
  readonly seed: string;
}): EmbeddingPass | null => {
  const { against, first, startedMs, isOfVersion } = args;
  const places = shuffledPlaces(against.blocks.length, args.seed);
  const sampled = Math.ceil(places.length * sampleShare);
  const used = joinedAll(blocksAt(against.blocks, places.slice(0, sampled)));
  return used === null || against.blocks.length < leastBlocks
    ? null
    : { against, left: places.slice(sampled), isOfVersion, startedMs, used, seen: first, logs: [...test.start] };
};

/** Takes a minute into a pass. What it is compared with was used by no minute before, and the direction is that of earlier ones. */
export const continueEmbeddingPass = (pass: EmbeddingPass, minute: Block): EmbeddingPass => {
  const { against, left, used, seen, logs } = pass;
  const seenNow = joined(seen, minute);
  if (left.length < leastLeft) {
    return { ...pass, seen: seenNow };
  }
  const count = pass.isOfVersion ? versionCount(left.length, minute.count) : 1;
  const drawn = joinedAll(blocksAt(against.blocks, left.slice(0, count)));
  const witness = witnessOf(seen, used);
  if (drawn === null || witness === null) {
    return { ...pass, seen: seenNow };
  }
  const variance = blockVariance(witness, blocksAt(against.blocks, left));
  const score = blockScore({ witness, candidate: minute, baseline: drawn, variance });
  return {
    ...pass,
    left: left.slice(count),
    used: joined(used, drawn),
    seen: seenNow,
    logs: [...test.step(logs, score)],
  };
};

/** ln of the evidence of a pass. */
export const embeddingEvidence = ({ logs }: EmbeddingPass): number => test.logEvidence(logs);

/** Whether a pass has used its baseline. */
export const isEmbeddingPassOver = ({ left, isOfVersion, startedMs }: EmbeddingPass, minuteMs: number): boolean =>
  left.length < leastLeft && (isOfVersion || minuteMs - startedMs >= leastMs);

const versionCount = (left: number, answers: number): number => {
  const share = Math.min(answers / (answers + versionPace.answers), versionPace.mostOfMinute);
  return Math.max(1, Math.round(left * share));
};

const blocksAt = (blocks: readonly Block[], places: readonly number[]): readonly Block[] =>
  places.flatMap((place) => blocks[place] ?? []);

/** The same seed gives the same order: who concludes a minute again after a crash must conclude the same. */
const shuffledPlaces = (count: number, seed: string): number[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, place) => ({ place, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ place }) => place);
};
