import type { AnswerMeasures } from "../core/measures.ts";
import { estimateTokens } from "../core/usage.ts";
import { codeParses } from "./measure-code.ts";
import type { Fence } from "./measure-fences.ts";
import { findFences } from "./measure-fences.ts";
import { finishReason } from "./measure-finish.ts";
import { GramCounter } from "./measure-grams.ts";
import { textHash } from "./measure-hash.ts";
import type { MatchesSchema } from "./measure-json.ts";
import { isJson, measureJson } from "./measure-json.ts";
import { LanguageDetector } from "./measure-language.ts";
import type { Lexicon } from "./measure-lexicon.ts";
import { createLexicon } from "./measure-lexicon-words.ts";
import { countCitations, countUrls, endsWithQuestion } from "./measure-marks.ts";
import type { FirstChoice } from "./measure-messages.ts";
import { PhraseCounter } from "./measure-phrases.ts";
import { RefusalScorer } from "./measure-refusal.ts";
import { roleShare } from "./measure-roles-share.ts";
import type { TextScan } from "./measure-scan.ts";
import { measuredCharacters, TextScanner } from "./measure-scan.ts";
import { shortAnswer } from "./measure-short-answer.ts";

/** An answer to measure: its first choice, and what the call knows besides. */
export interface AnswerInput extends FirstChoice {
  readonly finishReasons: readonly string[];
  /** The provider's count; null when it sent none. */
  readonly outputTokens: number | null;
  /** Null when no response schema is known. */
  readonly matchesSchema: MatchesSchema | null;
}

/** Measures an answer: a pure function, which uses the same memory for every answer and throws for none. */
export type MeasureAnswer = (answer: AnswerInput) => AnswerMeasures;

/** Makes the measuring function, with its tables of 1 MB; without `embeds` the embedding, half of the work, is null. */
export const createMeasureAnswer = (options: { readonly embeds: boolean } = { embeds: true }): MeasureAnswer => {
  const tools = createTools(options);
  return (answer) => ({
    ...nothing,
    ...(answer.text === null || answer.text.trim() === "" ? {} : measureText(answer.text, answer, tools)),
    ...measureLength(answer),
    ...measureToolCalls(answer),
    finishReason: finishReason(answer.finishReasons),
  });
};

interface Tools {
  readonly scanner: TextScanner;
  readonly grams: GramCounter;
  readonly phrases: PhraseCounter;
  readonly lexicon: Lexicon;
  readonly languages: LanguageDetector;
  readonly refusals: RefusalScorer;
}

const createTools = ({ embeds }: { readonly embeds: boolean }): Tools => {
  const lexicon = createLexicon();
  return {
    scanner: new TextScanner(),
    grams: new GramCounter({ embeds }),
    phrases: new PhraseCounter(),
    lexicon,
    languages: new LanguageDetector(lexicon),
    refusals: new RefusalScorer(lexicon),
  };
};

/** The measures of a text that is not blank. */
const measureText = (whole: string, { isCut, matchesSchema }: AnswerInput, tools: Tools) => {
  const text = whole.length > measuredCharacters ? whole.slice(0, measuredCharacters) : whole;
  const fences = findFences(text);
  const scan = tools.scanner.scan(text, fences);
  return {
    ...measureWords(scan, fences, tools),
    ...tools.grams.measure(text),
    ...measureFormat(scan, fences),
    codeParses: fences.length === 0 || isCut || text !== whole ? null : codeParses(text, fences),
    urls: countUrls(text),
    citations: countCitations(text),
    ...(isCut ? {} : measureJson({ text: whole, fences, matchesSchema })),
    ...(isCut ? {} : measureEnding(whole)),
  };
};

const measureWords = (scan: TextScan, fences: readonly Fence[], tools: Tools) => {
  const { lexicon, languages, phrases, refusals } = tools;
  return {
    words: scan.wordCount,
    sentenceWords: scan.sentenceCount === 0 ? null : scan.wordCount / scan.sentenceCount,
    ...phrases.measure(scan),
    hedging: roleShare({ scan, lexicon, role: "hedge" }),
    ...refusals.score(scan, fences.length > 0),
    language: languages.detect(scan),
  };
};

/** A table has a heading row, a row of hyphens and a row of cells. */
const leastTableRows = 3;

const measureFormat = (scan: TextScan, fences: readonly Fence[]) => ({
  codeFence: fences.length > 0,
  listItems: scan.listItems,
  headings: scan.headings,
  table: scan.tableRows >= leastTableRows,
  nonPrintables: scan.nonPrintables,
});

const measureEnding = (whole: string) => ({
  endsWithQuestion: endsWithQuestion(whole),
  shortAnswer: shortAnswer(whole),
  textHash: textHash(whole),
});

const measureLength = ({ text, toolCalls, isCut, outputTokens }: AnswerInput) => {
  const hasText = text !== null && text.trim() !== "";
  const hasCalls = toolCalls !== null && toolCalls.length > 0;
  const characters = text === null || isCut || (!hasText && hasCalls) ? null : text.length;
  return {
    empty: text === null || toolCalls === null ? null : !hasText && !hasCalls,
    characters,
    tokens: outputTokens ?? (characters === null || hasCalls ? null : estimateTokens(text ?? "")),
    // The tokens of tool calls and of reasoning are in the provider's count, so that the ratio is right only without both.
    charactersPerToken: characters === null || hasCalls || !outputTokens ? null : characters / outputTokens,
  };
};

const measureToolCalls = ({ toolCalls, isCut }: AnswerInput) => {
  if (toolCalls === null || toolCalls.length === 0) {
    return { toolCalls: toolCalls?.length ?? null };
  }
  return {
    toolCalls: toolCalls.length,
    toolNames: textHash(toolCalls.map(({ name }) => name).join("\n")),
    toolArgumentsValid: isCut ? null : toolCalls.every((call) => isJson(call.arguments)),
  };
};

const nothing: AnswerMeasures = {
  empty: null,
  characters: null,
  tokens: null,
  charactersPerToken: null,
  words: null,
  sentenceWords: null,
  lexicalDiversity: null,
  repetition: null,
  topPhraseShare: null,
  redundancy: null,
  hedging: null,
  refusalClass: null,
  refusalScore: null,
  language: null,
  jsonForm: null,
  jsonValid: null,
  schemaValid: null,
  codeFence: null,
  codeParses: null,
  listItems: null,
  headings: null,
  table: null,
  urls: null,
  citations: null,
  endsWithQuestion: null,
  shortAnswer: null,
  toolCalls: null,
  toolNames: null,
  toolArgumentsValid: null,
  finishReason: null,
  nonPrintables: null,
  textHash: null,
  embedding: null,
};
