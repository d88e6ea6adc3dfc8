/** What the hash of a word starts from. */
export const wordSeed = 0x811c9dc5 | 0;

/** What every character multiplies it by. */
export const wordPrime = 0x01000193;

/** FNV-1a over the code units of a word in lower case, as the scanner hashes words. */
export const hashWord = (word: string): number => {
  let hash = wordSeed;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(index), wordPrime);
  }
  return hash;
};
