import { hashWord } from "./measure-word-hash.ts";

/** What is known of a word: bits of the languages whose function word it is, and bits of its roles. 0 is nothing. */
export interface WordKnowledge {
  readonly languages: number;
  readonly roles: number;
}

/** Slots of the table; a power of two, and several times the words. */
const slots = 8_192;

/**
 * Words by their hashes, looked up without allocating. Another word may share the 32 bits of one of ours: of a thousand
 * different words in a text that befalls one in thousands of texts, and alike on every machine.
 */
export class Lexicon {
  readonly #hashes = new Int32Array(slots);
  readonly #languages = new Int32Array(slots);
  readonly #roles = new Int32Array(slots);

  constructor(words: ReadonlyMap<string, WordKnowledge>) {
    for (const [word, { languages, roles }] of words) {
      const hash = hashWord(word);
      const slot = this.#slotOf(hash);
      this.#hashes[slot] = hash;
      this.#languages[slot] = languages;
      this.#roles[slot] = roles;
    }
  }

  /** Bits of the languages whose function word has this hash. */
  languagesOf(hash: number): number {
    return this.#languages[this.#slotOf(hash)] ?? 0;
  }

  /** Bits of the roles of the word that has this hash. */
  rolesOf(hash: number): number {
    return this.#roles[this.#slotOf(hash)] ?? 0;
  }

  /** Whether the word with this hash is a function word or plays a role. */
  isKnown(hash: number): boolean {
    return this.#hashes[this.#slotOf(hash)] === hash;
  }

  /** The slot of a hash, or the empty one where it would be. The hash 0 is never there. */
  #slotOf(hash: number): number {
    let slot = (hash ^ (hash >>> 15)) & (slots - 1);
    while (this.#hashes[slot] !== hash && this.#hashes[slot] !== 0) {
      slot = (slot + 1) & (slots - 1);
    }
    return slot;
  }
}
