import type { AnswerMeasures } from "../core/measures.ts";

type ShortAnswer = NonNullable<AnswerMeasures["shortAnswer"]>;

/** Longer texts explain and are no plain answer, in characters. */
const longest = 40;

const words: ReadonlyMap<string, ShortAnswer> = new Map([
  ...["yes", "yeah", "yep", "ja", "oui", "sí", "sì", "sim", "tak", "да", "так", "evet", "はい", "是", "是的"].map(
    (word) => [word, "yes"] as const,
  ),
  ...["no", "nope", "nein", "non", "não", "nee", "nej", "nei", "nie", "нет", "ні", "hayır", "いいえ", "否", "不是"].map(
    (word) => [word, "no"] as const,
  ),
  ["true", "true"],
  ["false", "false"],
]);

/** What a short text answers: yes or no, an option's letter, a number or something else; null for empty and long ones. */
export const shortAnswer = (text: string): ShortAnswer | null => {
  const trimmed = text.length > longest * 4 ? "" : text.trim();
  if (trimmed === "" || trimmed.length > longest) {
    return null;
  }
  const bare = trimmed.replace(/^[^\p{L}\p{N}+\-$€£]+/u, "");
  const word = /^[\p{L}]+(?=$|[^\p{L}\p{N}\s'’-])/u.exec(bare)?.[0] ?? "";
  const option = word.length === 1 ? options.find((letter) => letter === word.toUpperCase()) : undefined;
  return words.get(word.toLowerCase()) ?? option ?? (isNumber(bare) ? "number" : "other");
};

const options = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"] as const;

const isNumber = (bare: string): boolean => /^[-+]?[$€£]?\d[\d.,]*\s?%?[^\p{L}\p{N}]*$/u.test(bare);
