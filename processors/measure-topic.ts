import { inputMeasures } from "../core/measures.ts";
import type { Lexicon } from "./measure-lexicon.ts";
import type { TextScan } from "./measure-scan.ts";

/** The bucket of a topic. */
export type Topic = (typeof inputMeasures.topic.values)[number];

const examinedWords = 256;
const leastWords = 2;
const bits = Math.log2(inputMeasures.topic.values.length);

/**
 * The bucket of a text by the signs of the summed random vectors of its content words (Charikar, Similarity Estimation
 * Techniques from Rounding Algorithms, 2002): texts that share words often share it. Centroids would have to be learnt from
 * somebody's prompts and would fit nobody else's; signs need nothing and never move. Null below 2 content words.
 */
export const topicOf = ({ words, wordCount }: TextScan, lexicon: Lexicon): Topic | null => {
  const sums = new Int32Array(bits);
  const examined = Math.min(wordCount, examinedWords);
  let found = 0;
  for (let index = 0; index < examined; index += 1) {
    const word = words[index] ?? 0;
    if (!lexicon.isKnown(word)) {
      found += 1;
      addSigns(sums, word);
    }
  }
  const bucket = sums.reduce((sum, value, bit) => sum + (value > 0 ? 1 << bit : 0), 0);
  return found < leastWords ? null : (inputMeasures.topic.values[bucket] ?? null);
};

const addSigns = (sums: Int32Array, word: number): void => {
  const mixed = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
  for (let bit = 0; bit < bits; bit += 1) {
    sums[bit] = (sums[bit] ?? 0) + ((mixed >>> (31 - bit)) & 1) * 2 - 1;
  }
};
