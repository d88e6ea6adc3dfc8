import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createMeasureInput } from "../../processors/measure-input.ts";
import { needsData } from "../support/needs.ts";
import { measuredInput, readRows } from "./measured.ts";

const measureInput = createMeasureInput();
const message = (role: string, text: string, isCut = false) => ({ role, text, toolCalls: [], isCut });

describe("measureInput", () => {
  test("measures the last user message, and the length of all", () => {
    const messages = [
      message("system", "Be brief."),
      message("user", "Hi"),
      message("assistant", "Hello"),
      message("user", "Why is 2 even?"),
    ];
    expect(measureInput({ messages, inputTokens: 30 })).toMatchObject({
      messages: 4,
      totalCharacters: 30,
      tokens: 30,
      characters: 14,
      words: 4,
      sentences: 1,
      digitShare: 1 / 14,
      codeShare: 0,
    });
  });

  test("knows nothing of messages that were not kept, and no length of those that were cut", () => {
    expect(measureInput({ messages: null, inputTokens: 3 })).toMatchObject({ tokens: 3, messages: null, words: null });
    const messages = [message("user", "Why is it[CUT]", true)];
    expect(measureInput({ messages, inputTokens: null })).toMatchObject({
      messages: 1,
      totalCharacters: null,
      tokens: null,
      textHash: null,
    });
  });

  test("complexity shows in clauses and in code", () => {
    const text = "If it rains, and because I forgot, sort this:\n```py\nf(1)\n```";
    expect(measuredInput(text)).toMatchObject({ clauseMarkers: 300 / 9, codeShare: 5 / text.length, sentences: 1 });
  });
});

describe("the template", () => {
  const template = (text: string): string | null => measuredInput(text).template;

  test.each([
    ["Is 17 a prime number?", "Is 4,711 a prime number?"],
    ['Translate "Guten Tag" now.', 'Translate "a much longer sentence" now.'],
    ["Open https://a.example/x please", "Open http://b.example please"],
  ])("of %j is that of %j", (one, other) => {
    expect(template(one)).toMatch(/^[0-9a-f]{16}$/);
    expect(template(one)).toBe(template(other));
  });

  test("differs with the wording, and text without a word has none", () => {
    expect(template("Is 17 a prime number?")).not.toBe(template("Is 17 an even number?"));
    expect(template("?!")).toBeNull();
  });

  test("of the thousand questions about primes is one", (context) => {
    const path = needsData(context, "llmdrift/prime_full.jsonl.gz");
    const queries = readRows(path, z.object({ query: z.string() })).map(({ query }) => query);
    expect(queries.length).toBe(4_000);
    expect(new Set(queries.map(template)).size).toBe(1);
  });
});

describe("the topic", () => {
  test("is null below 2 content words", () => {
    expect(measuredInput("What is it, and why?").topic).toBeNull();
    expect(measuredInput("What is a hamster?").topic).toBeNull();
    expect(measuredInput("Hamsters eat apples.").topic).toMatch(/^t\d+$/);
  });

  test("is the same for paraphrases several times as often as for strangers", (context) => {
    const path = needsData(context, "semantic_pairs/qqp.jsonl.gz");
    const row = z.object({ a: z.string(), b: z.string(), label: z.number() });
    const pairs = readRows(path, row)
      .filter(({ label }) => label === 1)
      .slice(0, 2_000)
      .map(({ a, b }) => [measuredInput(a).topic, measuredInput(b).topic] as const);
    const share = (isEqual: (index: number) => boolean): number =>
      pairs.filter((_, index) => isEqual(index)).length / pairs.length;
    const paraphrases = share((index) => pairs[index]?.[0] === pairs[index]?.[1]);
    const strangers = share((index) => pairs[index]?.[0] === pairs[(index + 7) % pairs.length]?.[1]);
    expect(paraphrases, `${paraphrases} of paraphrases, ${strangers} of strangers`).toBeGreaterThan(0.25);
    expect(strangers).toBeLessThan(paraphrases / 6);
  });
});
