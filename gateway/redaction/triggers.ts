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

const space = 0x20;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const at = 0x40;

/** What says nothing has no place among the counts. */
const none = 0;
const digit = 1;

/** For each character up to the at sign what it is counted as: a digit, or itself where it counts at all. */
const kinds = Uint8Array.from({ length: at + 1 }, (_, code) => {
  if (code >= zero && code < colon) return digit;
  return [space, dot, colon, at].includes(code) ? code : none;
});

/** Looks at each character once. Most are letters, which say nothing and stand behind all that do. */
export const findTriggers = (text: string): Triggers => {
  const counts = new Uint32Array(at + 1);
  let wordStart = 0;
  let longest = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > at) continue;
    const kind = kinds[code] ?? none;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === space) {
      longest = Math.max(longest, index - wordStart);
      wordStart = index + 1;
    }
  }
  const count = (kind: number): number => counts[kind] ?? 0;
  return {
    hasAt: count(at) > 0,
    hasDigits: count(digit) >= minDigits,
    hasAddress: (count(dot) >= 3 && count(digit) >= 4) || count(colon) >= 2,
    hasLongWord: Math.max(longest, text.length - wordStart) >= minSecretLength,
  };
};
