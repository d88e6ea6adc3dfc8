import type { EmbeddedMinute } from "../../core/embedding-sum.ts";
import { embeddingDimensions, embeddingMeasure } from "../../core/measures.ts";
import { GramCounter } from "../../processors/measure-grams.ts";

const grams = new GramCounter();

const plain = "the answer is that we can see how many of them there are and what they do".split(" ");
const florid = "indeed one would most certainly venture to suggest a rather splendid notion hereof".split(" ");

/** How answers are worded: all in plain words, or so many words of a hundred in others. */
export const answerText = (random: () => number, floridShare: number): string =>
  Array.from({ length: 20 + Math.floor(random() * 40) }, () => {
    const words = random() < floridShare ? florid : plain;
    return words[Math.floor(random() * words.length)] ?? "";
  }).join(" ");

/** The vector of an answer's text. */
export const answerVector = (text: string): Float32Array =>
  grams.measure(text).embedding ?? new Float32Array(embeddingDimensions);

/** What the vectors of some answers of one minute add up to. */
export const embeddedMinute = (
  vectors: readonly Float32Array[],
  minuteMs: number,
  fields: Partial<EmbeddedMinute> = {},
): EmbeddedMinute => ({
  ...{ tenant: "acme", route: "chat", variant: "a", model: "m-1", prompt: "", measure: embeddingMeasure, minuteMs },
  n: vectors.length,
  sum: Array.from({ length: embeddingDimensions }, (_, place) =>
    vectors.reduce((total, vector) => total + Math.round((vector[place] ?? 0) * 1_024) / 1_024, 0),
  ),
  squaredNorms: vectors.length,
  ...fields,
});
