import type { Lexicon } from "./measure-lexicon.ts";
import type { Role } from "./measure-roles.ts";
import { roleBit } from "./measure-roles.ts";
import type { TextScan } from "./measure-scan.ts";

const leastWords = 5;
/** Words that are looked at: a share shows within them, and the cost is bounded. */
const examinedWords = 1_024;

/** How many of 100 words play a role; null below 5 words. */
export const roleShare = (args: {
  readonly scan: TextScan;
  readonly lexicon: Lexicon;
  readonly role: Role;
}): number | null => {
  const { words, wordCount } = args.scan;
  const examined = Math.min(wordCount, examinedWords);
  if (examined < leastWords) {
    return null;
  }
  const bit = roleBit(args.role);
  let found = 0;
  for (let index = 0; index < examined; index += 1) {
    found += (args.lexicon.rolesOf(words[index] ?? 0) & bit) === 0 ? 0 : 1;
  }
  return (found * 100) / examined;
};
