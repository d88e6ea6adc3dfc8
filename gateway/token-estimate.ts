import { estimateTokens } from "../core/usage.ts";

/** Text is counted in pieces of this many characters, so that rounding up adds at most one token in a thousand. */
const pieceCharacters = 4_096;

/** Estimates the tokens of a text that arrives bit by bit, without keeping it. */
export class TokenEstimate {
  #tokens = 0;
  #pending = "";

  add(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= pieceCharacters) {
      this.#tokens += estimateTokens(this.#pending);
      this.#pending = "";
    }
  }

  /** The estimate so far; 0 only when no text came. */
  get tokens(): number {
    return this.#tokens + estimateTokens(this.#pending);
  }
}
