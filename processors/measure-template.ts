import { textHash } from "./measure-hash.ts";

/** Words of the wording that tells one template from another; what follows is mostly what was filled in. */
const examinedWords = 32;
/** Characters that hold these words in nearly every text. */
const examinedCharacters = 2_048;
/** Longer words are names, keys and other things that were filled in. */
const longestWord = 12;

/** Quotations, web addresses and words; a repetition is bounded wherever another part of the pattern may follow it. */
const tokens = /"[^"\n]{0,256}"|“[^”\n]{0,256}”|https?:\/\/\S{1,256}|[\p{L}\p{N}_'’]+/gu;

/** The hash of a prompt's wording, with numbers, quotations, addresses and long words left open; null without a word. */
export const templateHash = (text: string): string | null => {
  const skeleton: string[] = [];
  for (const [token] of text.slice(0, examinedCharacters).matchAll(tokens)) {
    const part = partOf(token);
    // Values that were filled in may have one word or several.
    if (part !== open || skeleton.at(-1) !== open) {
      skeleton.push(part);
    }
    if (skeleton.length === examinedWords) {
      break;
    }
  }
  return skeleton.length === 0 ? null : textHash(skeleton.join(" "));
};

const open = "*";

const partOf = (token: string): string => {
  const isFilledIn = token.length > longestWord || /^["“]|\p{N}|:\/\//u.test(token);
  return isFilledIn ? open : token.toLowerCase();
};
