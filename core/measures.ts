/** A measure whose values are numbers; `range` is closed, and Infinity means that only the text bounds it. */
interface NumberMeasure {
  readonly kind: "number";
  readonly unit: string;
  readonly range: readonly [number, number];
  readonly version: number;
  readonly doc: string;
}

/** A measure that holds or does not. */
interface FlagMeasure {
  readonly kind: "flag";
  readonly version: number;
  readonly doc: string;
}

/** A measure with one of a few values. */
interface CategoryMeasure {
  readonly kind: "category";
  readonly values: readonly string[];
  readonly version: number;
  readonly doc: string;
}

/** 16 hex characters that tell equal things from different ones, and nothing more. */
interface HashMeasure {
  readonly kind: "hash";
  readonly version: number;
  readonly doc: string;
}

/** A vector of Euclidean length 1, to be summed over a bucket and never stored for one call. */
interface VectorMeasure {
  readonly kind: "vector";
  readonly dimensions: number;
  readonly version: number;
  readonly doc: string;
}

/**
 * What is measured, how its values are counted, and the version of the measuring code: the version is part of a series' key,
 * because another way of measuring moves a series as a new model would.
 */
export type Measure = NumberMeasure | FlagMeasure | CategoryMeasure | HashMeasure | VectorMeasure;

/** The values of a table of measures by name; null means not measurable, never 0 or false. */
export type MeasuredBy<Table extends Readonly<Record<string, Measure>>> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]> | null;
};

type ValueOf<M extends Measure> = M extends CategoryMeasure
  ? M["values"][number]
  : M extends NumberMeasure
    ? number
    : M extends FlagMeasure
      ? boolean
      : M extends VectorMeasure
        ? Float32Array
        : string;

const number = (unit: string, range: readonly [number, number], doc: string) =>
  ({ kind: "number", unit, range, version: 1, doc }) as const;
const count = (unit: string, doc: string) => number(unit, [0, Number.POSITIVE_INFINITY], doc);
const share = (doc: string) => number("ratio", [0, 1], doc);
const flag = (doc: string) => ({ kind: "flag", version: 1, doc }) as const;
const hash = (doc: string) => ({ kind: "hash", version: 1, doc }) as const;
const category = <const V extends readonly string[]>(values: V, doc: string) =>
  ({ kind: "category", values, version: 1, doc }) as const;

/** Languages that are told apart, as ISO 639-1 codes; `other` is a script of which no language is known here. */
export const languages = [
  ...["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro", "hu", "tr", "id", "vi"],
  ...["ru", "uk", "bg", "el", "he", "ar", "fa", "hi", "th", "ko", "ja", "zh", "other"],
] as const;

const languageDoc = "language of the prose, by script and function words; null below the evidence that tells one";

/** Dimensions of an embedding. */
export const embeddingDimensions = 256;

/** Everything that is measured of an answer. Texts are measured in their first 65,536 characters, lengths in all. */
export const answerMeasures = {
  empty: flag("the model gave neither text nor a tool call"),
  characters: count("characters", "length of the text in UTF-16 code units"),
  tokens: count("tokens", "output tokens of the provider, else estimated from the text"),
  charactersPerToken: count("characters/token", "by the provider's count; null where that is not known"),
  words: count("words", "words outside fenced code; in scripts without spaces every character is one"),
  sentenceWords: count("words", "mean length of a sentence, or of a line that has no end mark"),
  lexicalDiversity: share("different words among the first 100; null below 100 words"),
  repetition: share("runs of 4 words that occurred before, in the first 512 words; null below 20 words"),
  topPhraseShare: share("the most frequent run of 4 words among all, in the first 512 words; null below 20 words"),
  redundancy: share("runs of 4 characters that occurred before within whole blocks of 512; null below one block"),
  hedging: number("words/100", [0, 100], "hedging words per 100 words; null below 5 words"),
  refusalClass: category(["none", "partial", "full"], "whether the model declined; partial: declined and then helped"),
  refusalScore: share("evidence in the first sentences that the model declines; 0.5 and more is a refusal"),
  language: category(languages, languageDoc),
  jsonForm: category(
    ["none", "bare", "fenced", "broken"],
    "none: does not begin like an object or array; broken: does, and is none",
  ),
  jsonValid: flag("the text, without one fence around it, is a JSON object or array"),
  schemaValid: flag("the JSON keeps to the response schema; null where no schema is known"),
  codeFence: flag("there is a fenced block of code"),
  codeParses: flag("every fenced block is closed and passes a cheap check of its syntax; null without a fence"),
  listItems: count("lines", "bulleted and numbered lines"),
  headings: count("lines", "Markdown headings"),
  table: flag("there is a Markdown table"),
  urls: count("links", "web addresses"),
  citations: count("marks", "numbered citation marks such as [3]"),
  endsWithQuestion: flag("the last sentence is a question"),
  shortAnswer: category(
    ["yes", "no", "true", "false", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "number", "other"],
    "what a text of at most 40 characters answers; null for longer ones",
  ),
  toolCalls: count("calls", "tool calls"),
  toolNames: hash("the names of the tools called, in order; null without a call"),
  toolArgumentsValid: flag("the arguments of every tool call are JSON; null without a call"),
  finishReason: category(
    ["stop", "length", "tool_calls", "content_filter", "other"],
    "why the first choice ended, in the words of OpenAI's interface",
  ),
  nonPrintables: count("characters", "control, replacement, invisible and private-use characters and lone surrogates"),
  textHash: hash("the exact text: equal for equal answers"),
  embedding: { kind: "vector", dimensions: embeddingDimensions, version: 1, doc: "character 4-grams, projected" },
} as const satisfies Readonly<Record<string, Measure>>;

const topics = [
  ...["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11", "t12", "t13", "t14", "t15"],
  ...["t16", "t17", "t18", "t19", "t20", "t21", "t22", "t23", "t24", "t25", "t26", "t27", "t28", "t29", "t30", "t31"],
] as const;

/** What inputs are compared within: the first is for texts that tell nothing. No more than 16, which the store counts on. */
export const strata = [
  ...["none", "short_a", "short_b", "short_c", "short_d", "short_foreign"],
  ...["medium_a", "medium_b", "medium_c", "medium_d", "medium_foreign"],
  ...["long_a", "long_b", "long_c", "long_d", "long_foreign"],
] as const;

/** The measure of answers' embeddings, by its versioned name. */
export const embeddingMeasure = `answer_embedding@${answerMeasures.embedding.version}`;

/** Everything that is measured of an input, of its last user message unless it says otherwise. */
export const inputMeasures = {
  messages: count("messages", "messages of the whole conversation"),
  totalCharacters: count("characters", "length of all messages in UTF-16 code units"),
  tokens: count("tokens", "input tokens of the provider for all messages, else estimated from the text"),
  characters: count("characters", "length of the text in UTF-16 code units"),
  words: count("words", "words outside fenced code"),
  language: category(languages, languageDoc),
  topic: category(topics, "bucket of texts with similar content words; null below 2 of them"),
  stratum: category(
    strata,
    "length (to 100, to 800, more characters) and quarter of the topics, or that the language is known and not English; `none` without either",
  ),
  template: hash("the first 32 words, with numbers, quotations, addresses and long words left open"),
  sentences: count("sentences", "sentences, or lines without an end mark"),
  clauseMarkers: number("words/100", [0, 100], "words that join clauses per 100 words; null below 5 words"),
  digitShare: share("digits among all characters"),
  codeShare: share("characters within fenced code among all"),
  nonPrintables: count("characters", "control, replacement, invisible and private-use characters and lone surrogates"),
  textHash: hash("the exact text: equal for equal inputs"),
} as const satisfies Readonly<Record<string, Measure>>;

/** What was measured of an answer; null means not measurable. */
export type AnswerMeasures = MeasuredBy<typeof answerMeasures>;

/** What was measured of an input; null means not measurable. */
export type InputMeasures = MeasuredBy<typeof inputMeasures>;
