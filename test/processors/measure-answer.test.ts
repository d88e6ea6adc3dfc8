import { describe, expect, test } from "vitest";
import { createMeasureAnswer } from "../../processors/measure-answer.ts";
import { measuredCharacters } from "../../processors/measure-scan.ts";
import { answerOf, measured } from "./measured.ts";

const fence = "```";

describe("what cannot be measured is null", () => {
  test("of an answer whose text was not kept only the reason and the provider's count are known", () => {
    const measures = measured(null, { toolCalls: null, outputTokens: 7 });
    const known = Object.entries(measures).filter(([, value]) => value !== null);
    expect(known).toEqual([
      ["tokens", 7],
      ["finishReason", "stop"],
    ]);
  });

  test.each(["", " \n\t"])("of the empty answer %j only that it is empty, its length and its end are known", (text) => {
    const known = Object.entries(measured(text)).filter(([, value]) => value !== null);
    expect(Object.fromEntries(known)).toEqual({
      empty: true,
      characters: text.length,
      tokens: Math.ceil(text.length / 4),
      toolCalls: 0,
      finishReason: "stop",
    });
  });

  test("a tool call without text is no empty answer and has no length of text", () => {
    const toolCalls = [{ name: "search", arguments: '{"q":1}' }];
    expect(measured("", { toolCalls, finishReasons: ["tool_use"] })).toMatchObject({
      empty: false,
      characters: null,
      tokens: null,
      toolCalls: 1,
      toolNames: expect.stringMatching(/^[0-9a-f]{16}$/),
      toolArgumentsValid: true,
      finishReason: "tool_calls",
      words: null,
      embedding: null,
    });
    expect(measured("", { toolCalls: [{ name: "search", arguments: '{"q":' }] }).toolArgumentsValid).toBe(false);
  });

  test("a text that was cut has neither length nor end nor syntax, and keeps its words", () => {
    expect(measured(`{"a": 1}\n${fence}js\nf(`, { isCut: true })).toMatchObject({
      characters: null,
      tokens: null,
      jsonForm: null,
      jsonValid: null,
      codeFence: true,
      codeParses: null,
      endsWithQuestion: null,
      shortAnswer: null,
      textHash: null,
      words: 2,
    });
  });
});

describe("lengths and shares", () => {
  test("are worked by hand", () => {
    const text = "Perhaps it rains today. It may not!\n- one item\n- two items";
    expect(measured(text, { outputTokens: 20 })).toMatchObject({
      characters: 58,
      tokens: 20,
      charactersPerToken: 2.9,
      words: 11,
      sentenceWords: 11 / 4,
      listItems: 2,
      hedging: 100 / 11,
      lexicalDiversity: null,
      repetition: null,
    });
  });

  test("lexical diversity does not depend on the length", () => {
    const words = Array.from({ length: 50 }, (_, index) => `word${index}`).join(" ");
    expect(measured(`${words} ${words}`).lexicalDiversity).toBe(0.5);
    expect(measured(`${words} ${words} ${words} ${words}`).lexicalDiversity).toBe(0.5);
  });

  test("an answer that goes round in circles is repetitive, and prose is not", () => {
    const circle = "I will do it again and ".repeat(60);
    const prose = Array.from({ length: 300 }, (_, index) => `w${index}x`).join(" ");
    expect(measured(circle)).toMatchObject({
      repetition: expect.closeTo(1, 1),
      topPhraseShare: expect.closeTo(1 / 6, 2),
    });
    expect(measured(prose)).toMatchObject({ repetition: 0, topPhraseShare: 1 / 297 });
    expect(measured(circle).redundancy).toBeGreaterThan(0.9);
    expect(measured(prose).redundancy).toBeLessThan(0.5);
  });

  test("a text beyond the measured characters is measured in its beginning, and its length is whole", () => {
    const measures = measured("word ".repeat(measuredCharacters));
    expect(measures.characters).toBe(measuredCharacters * 5);
    expect(measures.words).toBe(Math.ceil(measuredCharacters / 5));
  });

  test("invisible characters, controls, replacements and lone surrogates are counted, emoji and breaks are not", () => {
    expect(measured("a\u200bb\u0007c\ufffdd\ud800e").nonPrintables).toBe(4);
    expect(measured(`${fence}\n\u0007\n${fence}`).nonPrintables).toBe(1);
    expect(measured("\u{e0041}\u{f0000}").nonPrintables).toBe(2);
    expect(measured("a\tb\r\nc 🐳 é ﬁ").nonPrintables).toBe(0);
  });
});

describe("finish reasons", () => {
  test.each([
    [["end_turn"], "stop"],
    [["MAX_TOKENS", "stop"], "length"],
    [["SAFETY"], "content_filter"],
    [["whatever"], "other"],
    [[], null],
  ])("%j is %s", (finishReasons, reason) => {
    expect(measured("a", { finishReasons }).finishReason).toBe(reason);
  });
});

describe("hashes and embeddings", () => {
  test("equal texts are equal to two measuring functions, and others differ", () => {
    const other = createMeasureAnswer();
    expect(other(answerOf("The same text."))).toEqual(measured("The same text."));
    expect(measured("The same text!").textHash).not.toBe(measured("The same text.").textHash);
    expect(measured("a\ud800").textHash).not.toBe(measured("a\ud801").textHash);
  });

  test("texts about one thing are nearer to each other than to a third", () => {
    const [a, b, c] = [
      "The capital of France is Paris, a city on the river Seine.",
      "Paris is the capital of France and lies on the river Seine.",
      "To boil an egg, put it into hot water for seven minutes.",
    ].map((text) => Array.from(measured(text).embedding ?? []));
    const cosine = (x: readonly number[] = [], y: readonly number[] = []): number =>
      x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
    expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.2);
  });
});
