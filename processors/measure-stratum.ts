import type { InputMeasures } from "../core/measures.ts";
import { strata } from "../core/measures.ts";

/** Lengths in characters up to which a text is short or of medium length: a question, a question with some context, a document. */
const lengths = [
  ["short", 100],
  ["medium", 800],
  ["long", Number.POSITIVE_INFINITY],
] as const;
const quarters = ["a", "b", "c", "d"] as const;

/**
 * The stratum of an input: few, so that each has answers enough, and by what moves answers most. Two bits of the topic tell whether
 * texts share their words; texts in other languages share none with those in English, and have a stratum of their own.
 */
export const stratumOf = (input: {
  readonly characters: number;
  readonly language: InputMeasures["language"];
  readonly topic: InputMeasures["topic"];
}): (typeof strata)[number] => {
  const kind = kindOf(input);
  const length = lengths.find(([, most]) => input.characters <= most)?.[0];
  return strata.find((name) => name === `${length}_${kind}`) ?? "none";
};

const kindOf = ({ language, topic }: Pick<InputMeasures, "language" | "topic">): string => {
  if (language !== null && language !== "en") {
    return "foreign";
  }
  return topic === null ? "none" : (quarters[Number(topic.slice(1)) % quarters.length] ?? "none");
};
