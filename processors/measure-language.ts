import { languages } from "../core/measures.ts";
import { script, scriptCount } from "./measure-alphabet.ts";
import { functionWords } from "./measure-function-words.ts";
import type { Lexicon } from "./measure-lexicon.ts";
import type { TextScan } from "./measure-scan.ts";

/** A language that is told apart, as an ISO 639-1 code. */
export type Language = (typeof languages)[number];

const byWords = Object.keys(functionWords);

/** The bit of a language in what a lexicon knows of a word; only languages told by their words have one. */
export const languageBit = (language: string): number => 1 << byWords.indexOf(language);

/** Words that are looked at: a language shows within them, and the cost is bounded. */
const examinedWords = 512;
const leastHits = 2;
/** Function words are 0.3 to 0.5 of running text; far fewer are in lists of names and in code. */
const leastShare = 0.08;
/** How much the best language must be ahead of the next. */
const leastLead = 1.1;
const leastLetters = 3;
/** Japanese has more kana than this among its characters, Chinese has none. */
const kanaShare = 0.1;

/** Languages of the scripts that have one, as far as we tell. */
const languageOfScript: Readonly<Record<number, Language>> = {
  [script.greek]: "el",
  [script.hebrew]: "he",
  [script.devanagari]: "hi",
  [script.thai]: "th",
  [script.hangul]: "ko",
  [script.other]: "other",
};

/** Tells the language of a scanned text by its script, and by its function words where a script has several languages. */
export class LanguageDetector {
  readonly #lexicon: Lexicon;
  readonly #hits = new Int32Array(byWords.length);

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
  }

  /** The language; null when the text is too short, or like several. */
  detect(scan: TextScan): Language | null {
    const { scripts } = scan;
    const kana = scripts[script.kana] ?? 0;
    const han = (scripts[script.han] ?? 0) + kana;
    const top = topScript(scripts);
    if (han > 0 && (top === script.han || top === script.kana)) {
      return kana > kanaShare * han ? "ja" : "zh";
    }
    if ((scripts[top] ?? 0) < leastLetters) {
      return null;
    }
    return languageOfScript[top] ?? this.#byWords(scan);
  }

  #byWords({ words, wordCount }: TextScan): Language | null {
    const examined = Math.min(wordCount, examinedWords);
    this.#hits.fill(0);
    for (let index = 0; index < examined; index += 1) {
      this.#count(this.#lexicon.languagesOf(words[index] ?? 0));
    }
    let [best, next, language] = [0, 0, 0];
    for (let index = 0; index < this.#hits.length; index += 1) {
      const hits = this.#hits[index] ?? 0;
      next = Math.max(next, Math.min(best, hits));
      language = hits > best ? index : language;
      best = Math.max(best, hits);
    }
    const isTold = best >= leastHits && best >= leastShare * examined && best >= leastLead * next;
    return isTold ? (languages.find((name) => name === byWords[language]) ?? null) : null;
  }

  #count(languageBits: number): void {
    let rest = languageBits;
    while (rest !== 0) {
      const index = 31 - Math.clz32(rest);
      this.#hits[index] = (this.#hits[index] ?? 0) + 1;
      rest &= ~(1 << index);
    }
  }
}

const topScript = (scripts: Int32Array): number => {
  let top: number = script.latin;
  for (let index = 1; index < scriptCount; index += 1) {
    if ((scripts[index] ?? 0) > (scripts[top] ?? 0)) {
      top = index;
    }
  }
  return top;
};
