import type { Alphabet } from "./measure-alphabet.ts";
import { createAlphabet, judgeSurrogate, scriptCount, unit } from "./measure-alphabet.ts";
import type { Fence } from "./measure-fences.ts";
import { kindOfLine, lineKind } from "./measure-line-kind.ts";
import { wordPrime as prime, wordSeed as seed } from "./measure-word-hash.ts";

/** Characters of a text that are measured; beyond them only its length is. */
export const measuredCharacters = 65_536;

/** More words than a text of the measured length has, if each is followed by a space. */
const mostWords = measuredCharacters;

/**
 * What one pass over a text finds outside its fenced code. The arrays belong to the scanner and hold until its next scan.
 */
export interface TextScan {
  /** 32-bit hashes of the words in lower case, in order; `wordCount` of them count. */
  readonly words: Int32Array;
  readonly wordCount: number;
  /** Index of the first word of each sentence; `sentenceCount` of them count. */
  readonly sentences: Int32Array;
  readonly sentenceCount: number;
  /** Letters and ideographs of each script. */
  readonly scripts: Int32Array;
  readonly digits: number;
  readonly listItems: number;
  readonly headings: number;
  readonly tableRows: number;
  /** Also those within fenced code. */
  readonly nonPrintables: number;
  /** Characters that were looked at: a measure of the work done. */
  readonly steps: number;
}

/** Digits are counted where scripts are, as letters of none. */
const noScript = 0;
const unitBits = 0xf;
const apostrophe = 0x27;

/** Scans texts into the same arrays again and again, so that a scan allocates nothing. */
export class TextScanner {
  readonly #alphabet: Alphabet = createAlphabet();
  readonly #words = new Int32Array(mostWords);
  readonly #sentences = new Int32Array(mostWords);
  readonly #scripts = new Int32Array(scriptCount);
  #wordCount = 0;
  #sentenceCount = 0;
  #sentenceStart = 0;
  #nonPrintables = 0;
  #steps = 0;
  readonly #lines = new Int32Array(4);

  /** Scans the text, which has at most `measuredCharacters`; what its fences hold is not counted as words. */
  scan(text: string, fences: readonly Fence[]): TextScan {
    this.#reset();
    let from = 0;
    for (const fence of fences) {
      this.#scanProse(text, from, fence.start);
      this.#scanCode(text, fence.start, fence.end);
      from = fence.end;
    }
    this.#scanProse(text, from, text.length);
    return {
      words: this.#words,
      wordCount: this.#wordCount,
      sentences: this.#sentences,
      sentenceCount: this.#sentenceCount,
      scripts: this.#scripts,
      digits: this.#scripts[noScript] ?? 0,
      listItems: this.#lines[lineKind.listItem] ?? 0,
      headings: this.#lines[lineKind.heading] ?? 0,
      tableRows: this.#lines[lineKind.tableRow] ?? 0,
      nonPrintables: this.#nonPrintables,
      steps: this.#steps,
    };
  }

  #reset(): void {
    this.#scripts.fill(0);
    this.#lines.fill(0);
    this.#wordCount = 0;
    this.#sentenceCount = 0;
    this.#sentenceStart = 0;
    this.#nonPrintables = 0;
    this.#steps = 0;
  }

  #scanProse(text: string, from: number, end: number): void {
    const { classes, lower } = this.#alphabet;
    const scripts = this.#scripts;
    this.#steps += end - from;
    this.#startLine(text, from, end);
    let hash = seed;
    for (let at = from; at < end; at += 1) {
      const code = text.charCodeAt(at);
      const kind = classes[code] ?? unit.other;
      const kindOfUnit = kind & unitBits;
      if (kindOfUnit === unit.letter || kindOfUnit === unit.digit) {
        const script = kind >> 4;
        scripts[script] = (scripts[script] ?? 0) + 1;
        hash = Math.imul(hash ^ (lower[code] ?? code), prime);
      } else if (kindOfUnit === unit.apostrophe && hash !== seed && this.#isLetter(text.charCodeAt(at + 1))) {
        hash = Math.imul(hash ^ apostrophe, prime);
      } else {
        this.#endWord(hash);
        hash = seed;
        at += kindOfUnit > unit.space ? this.#breakAt(text, at, end) : 0;
      }
    }
    this.#endWord(hash);
    this.#endSentence();
  }

  /** Takes in a unit that is neither of a word nor between two; returns how many units after it were taken in too. */
  #breakAt(text: string, at: number, end: number): number {
    const code = text.charCodeAt(at);
    const kind = this.#alphabet.classes[code] ?? unit.other;
    switch (kind & unitBits) {
      case unit.newline:
        this.#endSentence();
        this.#startLine(text, at + 1, end);
        return 0;
      case unit.stop:
        return this.#endsWord(text.charCodeAt(at + 1)) ? this.#endSentence() : 0;
      case unit.fullStop:
        return this.#endSentence();
      case unit.ideograph:
        this.#scripts[kind >> 4] = (this.#scripts[kind >> 4] ?? 0) + 1;
        this.#endWord(Math.imul(seed ^ code, prime));
        return 0;
      case unit.nonPrintable:
        this.#nonPrintables += 1;
        return 0;
      case unit.surrogate:
        return this.#addSurrogate(text, at);
      default:
        return 0;
    }
  }

  /** Looks only for what must not be in any text. */
  #scanCode(text: string, from: number, end: number): void {
    const { classes } = this.#alphabet;
    this.#steps += end - from;
    for (let at = from; at < end; at += 1) {
      const kind = classes[text.charCodeAt(at)];
      if (kind === unit.nonPrintable) {
        this.#nonPrintables += 1;
      } else if (kind === unit.surrogate) {
        at += this.#addSurrogate(text, at);
      }
    }
  }

  #addSurrogate(text: string, at: number): number {
    const surrogates = judgeSurrogate(text.charCodeAt(at), text.charCodeAt(at + 1));
    this.#nonPrintables += surrogates.isPrintable ? 0 : 1;
    return surrogates.units - 1;
  }

  /** Adds the word under way; the seed is none. */
  #endWord(hash: number): void {
    if (hash !== seed) {
      this.#words[this.#wordCount] = hash;
      this.#wordCount += 1;
    }
  }

  /** Ends the sentence under way, if it has a word; always 0. */
  #endSentence(): number {
    if (this.#wordCount > this.#sentenceStart) {
      this.#sentences[this.#sentenceCount] = this.#sentenceStart;
      this.#sentenceCount += 1;
      this.#sentenceStart = this.#wordCount;
    }
    return 0;
  }

  #startLine(text: string, from: number, end: number): void {
    if (from < end) {
      const kind = kindOfLine(text, from);
      this.#lines[kind] = (this.#lines[kind] ?? 0) + 1;
    }
  }

  #isLetter(code: number): boolean {
    return ((this.#alphabet.classes[code] ?? unit.other) & unitBits) === unit.letter;
  }

  #endsWord(code: number): boolean {
    const kind = (this.#alphabet.classes[code] ?? unit.other) & unitBits;
    return kind !== unit.letter && kind !== unit.digit;
  }
}
