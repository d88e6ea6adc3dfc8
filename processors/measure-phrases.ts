import type { TextScan } from "./measure-scan.ts";

const diversityWords = 100;
const phraseWords = 4;
const examinedWords = 512;
const leastWords = 20;
/** Slots of the table of phrases, twice as many as there are phrases at most. */
const slots = 1_024;

/** How much a text says again. All null below the words they need. */
export interface PhraseMeasures {
  readonly lexicalDiversity: number | null;
  readonly repetition: number | null;
  readonly topPhraseShare: number | null;
}

/** Counts words and runs of 4 words in tables that are used again for every text. */
export class PhraseCounter {
  readonly #keys = new Int32Array(slots);
  readonly #counts = new Uint16Array(slots);
  /** Which text a slot was last used for, so that nothing has to be cleared between texts. */
  readonly #texts = new Float64Array(slots);
  #text = 0;

  measure({ words, wordCount }: TextScan): PhraseMeasures {
    const lexicalDiversity = wordCount < diversityWords ? null : this.#differentWords(words) / diversityWords;
    const examined = Math.min(wordCount, examinedWords);
    return examined < leastWords
      ? { lexicalDiversity, repetition: null, topPhraseShare: null }
      : { lexicalDiversity, ...this.#phrases(words, examined) };
  }

  #differentWords(words: Int32Array): number {
    this.#text += 1;
    let different = 0;
    for (let index = 0; index < diversityWords; index += 1) {
      different += this.#add(words[index] ?? 0) === 1 ? 1 : 0;
    }
    return different;
  }

  #phrases(words: Int32Array, examined: number): Pick<PhraseMeasures, "repetition" | "topPhraseShare"> {
    this.#text += 1;
    let [repeated, top] = [0, 0];
    const phrases = examined - phraseWords + 1;
    for (let start = 0; start < phrases; start += 1) {
      let phrase = 0;
      for (let index = start; index < start + phraseWords; index += 1) {
        phrase = Math.imul(phrase ^ (words[index] ?? 0), 0x5bd1e995) ^ (phrase >>> 13);
      }
      const count = this.#add(phrase);
      repeated += count > 1 ? 1 : 0;
      top = Math.max(top, count);
    }
    return { repetition: repeated / phrases, topPhraseShare: top / phrases };
  }

  /** Counts a key once more; how often it has been counted in this text. */
  #add(key: number): number {
    let slot = (key ^ (key >>> 16)) & (slots - 1);
    while (this.#texts[slot] === this.#text && this.#keys[slot] !== key) {
      slot = (slot + 1) & (slots - 1);
    }
    const count = this.#texts[slot] === this.#text ? (this.#counts[slot] ?? 0) + 1 : 1;
    this.#texts[slot] = this.#text;
    this.#keys[slot] = key;
    this.#counts[slot] = count;
    return count;
  }
}
