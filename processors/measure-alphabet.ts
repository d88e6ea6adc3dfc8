/** What a UTF-16 code unit is to the scanner: the low 4 bits of its class. */
export const unit = {
  other: 0,
  letter: 1,
  digit: 2,
  space: 3,
  newline: 4,
  /** Ends a sentence when no letter or digit follows. */
  stop: 5,
  /** Ends a sentence wherever it stands. */
  fullStop: 6,
  apostrophe: 7,
  /** A word of its own, in a script without spaces. */
  ideograph: 8,
  nonPrintable: 9,
  surrogate: 10,
} as const;

/** Scripts of letters and ideographs: the high 4 bits of their class. */
export const script = {
  latin: 1,
  cyrillic: 2,
  greek: 3,
  hebrew: 4,
  arabic: 5,
  devanagari: 6,
  thai: 7,
  hangul: 8,
  han: 9,
  kana: 10,
  other: 11,
} as const;

/** Scripts are counted in arrays of this length. */
export const scriptCount = 16;

/** What is known of every UTF-16 code unit. */
export interface Alphabet {
  /** Unit and script of each code unit: `script << 4 | unit`. */
  readonly classes: Uint8Array;
  /** Lower case of the code units below `lower.length`; those above have none that matters. */
  readonly lower: Uint16Array;
}

type Range = readonly [first: number, last: number, value: number];

const letters = (name: keyof typeof script): number => (script[name] << 4) | unit.letter;
const ideographs = (name: keyof typeof script): number => (script[name] << 4) | unit.ideograph;

/** Blocks of Unicode, written down rather than asked of the engine, so that every machine measures alike. Later ones win. */
const ranges: readonly Range[] = [
  [0x0000, 0x001f, unit.nonPrintable],
  [0x007f, 0x009f, unit.nonPrintable],
  [0x0009, 0x0009, unit.space],
  [0x000a, 0x000d, unit.newline],
  [0x0020, 0x0020, unit.space],
  [0x00a0, 0x00a0, unit.space],
  [0x2000, 0x200a, unit.space],
  [0x2028, 0x2029, unit.newline],
  [0x3000, 0x3000, unit.space],
  [0x0030, 0x0039, unit.digit],
  [0x0660, 0x0669, unit.digit],
  [0x06f0, 0x06f9, unit.digit],
  [0x0041, 0x005a, letters("latin")],
  [0x0061, 0x007a, letters("latin")],
  [0x00c0, 0x024f, letters("latin")],
  [0x00d7, 0x00d7, unit.other],
  [0x00f7, 0x00f7, unit.other],
  [0x0250, 0x02af, letters("other")],
  [0x0300, 0x036f, letters("latin")],
  [0x0370, 0x03ff, letters("greek")],
  [0x037e, 0x037e, unit.stop],
  [0x0400, 0x052f, letters("cyrillic")],
  [0x0531, 0x0587, letters("other")],
  [0x05b0, 0x05ea, letters("hebrew")],
  [0x0620, 0x065f, letters("arabic")],
  [0x066e, 0x06d3, letters("arabic")],
  [0x0750, 0x077f, letters("arabic")],
  [0x061f, 0x061f, unit.fullStop],
  [0x06d4, 0x06d4, unit.fullStop],
  [0x0900, 0x097f, letters("devanagari")],
  [0x0964, 0x0965, unit.fullStop],
  [0x0966, 0x096f, unit.digit],
  [0x0980, 0x0dff, letters("other")],
  [0x0e01, 0x0e4e, ideographs("thai")],
  [0x0e80, 0x10ff, letters("other")],
  [0x1100, 0x11ff, letters("hangul")],
  [0x1200, 0x1cff, letters("other")],
  [0x1e00, 0x1eff, letters("latin")],
  [0x1f00, 0x1fff, letters("greek")],
  [0x3041, 0x30ff, ideographs("kana")],
  [0x30fb, 0x30fb, unit.other],
  [0x3130, 0x318f, letters("hangul")],
  [0x3400, 0x4dbf, ideographs("han")],
  [0x4e00, 0x9fff, ideographs("han")],
  [0xa000, 0xabff, letters("other")],
  [0xac00, 0xd7af, letters("hangul")],
  [0xf900, 0xfaff, ideographs("han")],
  [0xff21, 0xff3a, letters("latin")],
  [0xff41, 0xff5a, letters("latin")],
  [0xff10, 0xff19, unit.digit],
  [0xff66, 0xff9d, ideographs("kana")],
  [0xd800, 0xdfff, unit.surrogate],
  [0xe000, 0xf8ff, unit.nonPrintable],
  [0x200b, 0x200b, unit.nonPrintable],
  [0x202a, 0x202e, unit.nonPrintable],
  [0x2060, 0x206f, unit.nonPrintable],
  [0xfeff, 0xfeff, unit.nonPrintable],
  [0xfff0, 0xfffb, unit.nonPrintable],
  [0xfffd, 0xffff, unit.nonPrintable],
];

const single: Readonly<Record<string, number>> = {
  ".!?": unit.stop,
  "。！？…": unit.fullStop,
  "'’ʼ": unit.apostrophe,
};

/** Latin, Greek and Cyrillic are all that have two cases and are common. */
const casedUnits = 0x530;

/** Makes the table of all code units, of 64 KB. */
export const createAlphabet = (): Alphabet => {
  const classes = new Uint8Array(0x10000);
  for (const [first, last, value] of ranges) {
    classes.fill(value, first, last + 1);
  }
  for (const [characters, value] of Object.entries(single)) {
    for (const character of characters) {
      classes[character.charCodeAt(0)] = value;
    }
  }
  const lower = Uint16Array.from({ length: casedUnits }, (_, code) =>
    String.fromCharCode(code).toLowerCase().charCodeAt(0),
  );
  return { classes, lower };
};

/** The surrogates of tags, which are invisible, and of private use begin with these and higher ones. */
const firstInvisibleSurrogate = 0xdb40;
const firstLowSurrogate = 0xdc00;
const lastLowSurrogate = 0xdfff;

const printablePair = { units: 2, isPrintable: true } as const;
const invisiblePair = { units: 2, isPrintable: false } as const;
const loneSurrogate = { units: 1, isPrintable: false } as const;

/** Whether a surrogate and the unit after it are one character, and whether that can be seen. */
export const judgeSurrogate = (
  code: number,
  next: number,
): { readonly units: 1 | 2; readonly isPrintable: boolean } => {
  const isPair = code < firstLowSurrogate && next >= firstLowSurrogate && next <= lastLowSurrogate;
  if (!isPair) {
    return loneSurrogate;
  }
  return code < firstInvisibleSurrogate ? printablePair : invisiblePair;
};
