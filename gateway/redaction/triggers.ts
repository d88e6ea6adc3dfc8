/** Which kinds of value a text can hold at all; most texts hold none, and are then left alone after one pass. */
export interface Triggers {
  readonly hasAt: boolean;
  /** At least as many digits as the shortest number that is looked for. */
  readonly hasDigits: boolean;
  readonly hasAddress: boolean;
  /** A run without spaces long enough for a secret. */
  readonly hasLongWord: boolean;
}

/** The shortest numbers looked for are phone numbers of seven digits. */
const minDigits = 7;

/** The shortest secrets looked for. */
const minSecretLength = 12;

const other = 0;
const space = 5;

/** For each ASCII character its place in the counts: digit, dot, colon, at sign, space, or other. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return character >= "0" && character <= "9" ? 1 : Math.max(other, ["", "", ".", ":", "@", " "].indexOf(character));
});

/** Looks at each character once. */
export const findTriggers = (text: string): Triggers => {
  const counts = [0, 0, 0, 0, 0, 0];
  let wordStart = 0;
  let longest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const kind = kinds[text.charCodeAt(index)] ?? other;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === space) {
      longest = Math.max(longest, index - wordStart);
      wordStart = index + 1;
    }
  }
  const [, digits = 0, dots = 0, colons = 0, ats = 0] = counts;
  return {
    hasAt: ats > 0,
    hasDigits: digits >= minDigits,
    hasAddress: (dots >= 3 && digits >= 4) || colons >= 2,
    hasLongWord: Math.max(longest, text.length - wordStart) >= minSecretLength,
  };
};
