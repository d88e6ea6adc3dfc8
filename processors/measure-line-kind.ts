/** What a line of Markdown is. */
export const lineKind = { prose: 0, listItem: 1, heading: 2, tableRow: 3 } as const;

/** More leading spaces than any list nests. */
const deepestIndent = 64;
/** Longer numbers than `999.` begin no list. */
const mostDigits = 3;
const deepestHeading = 6;

const space = 0x20;
const tab = 0x09;
const hash = 0x23;
const dot = 0x2e;
const bracket = 0x29;
const pipe = 0x7c;
/** Hyphen, asterisk, plus and the typographic bullet. */
const bullets: readonly number[] = [0x2d, 0x2a, 0x2b, 0x2022];

/** Tells what the line that starts at `from` is, from its first characters. */
export const kindOfLine = (text: string, from: number): (typeof lineKind)[keyof typeof lineKind] => {
  let at = from;
  const last = from + deepestIndent;
  while (at < last && isBlank(text.charCodeAt(at))) {
    at += 1;
  }
  const code = text.charCodeAt(at);
  if (isDigit(code)) {
    return endsNumber(text, at + 1) ? lineKind.listItem : lineKind.prose;
  }
  if (code === pipe) {
    return lineKind.tableRow;
  }
  if (code === hash) {
    return endsHashes(text, at + 1) ? lineKind.heading : lineKind.prose;
  }
  return bullets.includes(code) && isBlank(text.charCodeAt(at + 1)) ? lineKind.listItem : lineKind.prose;
};

const isBlank = (code: number): boolean => code === space || code === tab;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Whether what follows the first digit is the rest of a number in a list, as in `12. ` or `1) `. */
const endsNumber = (text: string, from: number): boolean => {
  let at = from;
  while (at < from + mostDigits - 1 && isDigit(text.charCodeAt(at))) {
    at += 1;
  }
  const code = text.charCodeAt(at);
  return (code === dot || code === bracket) && isBlank(text.charCodeAt(at + 1));
};

const endsHashes = (text: string, from: number): boolean => {
  let at = from;
  while (at < from + deepestHeading - 1 && text.charCodeAt(at) === hash) {
    at += 1;
  }
  return isBlank(text.charCodeAt(at));
};
