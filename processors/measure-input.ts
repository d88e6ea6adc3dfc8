import type { InputMeasures } from "../core/measures.ts";
import { estimateTokens } from "../core/usage.ts";
import type { Fence } from "./measure-fences.ts";
import { findFences } from "./measure-fences.ts";
import { textHash } from "./measure-hash.ts";
import { LanguageDetector } from "./measure-language.ts";
import type { Lexicon } from "./measure-lexicon.ts";
import { createLexicon } from "./measure-lexicon-words.ts";
import type { MeasuredMessage } from "./measure-messages.ts";
import { roleShare } from "./measure-roles-share.ts";
import { measuredCharacters, TextScanner } from "./measure-scan.ts";
import { stratumOf } from "./measure-stratum.ts";
import { templateHash } from "./measure-template.ts";
import { topicOf } from "./measure-topic.ts";

/** An input to measure. */
export interface CallInput {
  /** As `readMessages` reads them; null when none were kept. */
  readonly messages: readonly MeasuredMessage[] | null;
  /** The provider's count; null when it sent none. */
  readonly inputTokens: number | null;
}

/** Measures an input: a pure function, which uses the same memory for every input and throws for none. */
export type MeasureInput = (input: CallInput) => InputMeasures;

/** Makes the measuring function. */
export const createMeasureInput = (): MeasureInput => {
  const scanner = new TextScanner();
  const lexicon = createLexicon();
  const languages = new LanguageDetector(lexicon);
  return ({ messages, inputTokens }) => {
    const asked = messages?.findLast(({ role }) => role === "user");
    return {
      ...nothing,
      ...measureConversation(messages, inputTokens),
      ...(asked === undefined || asked.text.trim() === "" ? {} : measureAsked(asked, { scanner, lexicon, languages })),
    };
  };
};

const measureConversation = (messages: CallInput["messages"], inputTokens: number | null) => {
  if (messages === null) {
    return { tokens: inputTokens };
  }
  const isCut = messages.some((message) => message.isCut);
  return {
    messages: messages.length,
    totalCharacters: isCut ? null : messages.reduce((sum, { text }) => sum + text.length, 0),
    tokens: inputTokens ?? (isCut ? null : messages.reduce((sum, { text }) => sum + estimateTokens(text), 0)),
  };
};

interface Tools {
  readonly scanner: TextScanner;
  readonly lexicon: Lexicon;
  readonly languages: LanguageDetector;
}

/** The measures of the last user message, which is not blank. */
const measureAsked = ({ text: whole, isCut }: MeasuredMessage, { scanner, lexicon, languages }: Tools) => {
  const text = whole.slice(0, measuredCharacters);
  const fences = findFences(text);
  const scan = scanner.scan(text, fences);
  const [language, topic] = [languages.detect(scan), topicOf(scan, lexicon)];
  return {
    characters: isCut ? null : whole.length,
    words: scan.wordCount,
    language,
    topic,
    stratum: stratumOf({ characters: whole.length, language, topic }),
    template: templateHash(text),
    sentences: scan.sentenceCount,
    clauseMarkers: roleShare({ scan, lexicon, role: "clause" }),
    digitShare: scan.digits / text.length,
    codeShare: codeCharacters(fences) / text.length,
    nonPrintables: scan.nonPrintables,
    textHash: isCut ? null : textHash(whole),
  };
};

const codeCharacters = (fences: readonly Fence[]): number =>
  fences.reduce((sum, { codeStart, codeEnd }) => sum + Math.max(codeEnd - codeStart, 0), 0);

const nothing: InputMeasures = {
  messages: null,
  totalCharacters: null,
  tokens: null,
  characters: null,
  words: null,
  language: null,
  topic: null,
  stratum: null,
  template: null,
  sentences: null,
  clauseMarkers: null,
  digitShare: null,
  codeShare: null,
  nonPrintables: null,
  textHash: null,
};
