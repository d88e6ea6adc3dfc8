import type { Random } from "../../core/random.ts";

const openers = ["In short", "As a rule", "Most often", "To begin with", "In practice", "On the whole"];
const subjects = [
  "the service",
  "a request",
  "this model",
  "the answer",
  "one replica",
  "the queue",
  "a careful reader",
];
const verbs = ["waits for", "depends on", "explains", "measures", "repeats", "improves", "is limited by"];
const objects = [
  "the first token",
  "its own history",
  "a small number of calls",
  "what was asked",
  "the slowest part",
  "the next deployment",
];

/** That many pieces of made-up English, each about a word, that read as text when put together. */
export const simulatedTokens = (random: Random, count: number): readonly string[] => {
  const tokens: string[] = [];
  while (tokens.length < count) {
    tokens.push(...sentence(random));
  }
  return tokens.slice(0, count).map((token, index) => (index === 0 ? token.trimStart() : token));
};

const sentence = (random: Random): readonly string[] => {
  const words = [openers, subjects, verbs, objects].map(
    (list) => list[Math.floor(random.uniform() * list.length)] ?? "",
  );
  const text = ` ${words[0]}, ${words.slice(1).join(" ")}.`;
  return text.match(/ \S+/g) ?? [];
};
