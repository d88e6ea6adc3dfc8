/** How often any of the parts occurs in the text. */
const countParts = (text: string, parts: readonly string[]): number => {
  let found = 0;
  for (const part of parts) {
    for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
      found += 1;
    }
  }
  return found;
};

/** Web addresses in the text: those with a scheme, and those that begin with www. */
export const countUrls = (text: string): number =>
  countParts(text, ["http://", "https://", " www.", "(www."]) + (text.startsWith("www.") ? 1 : 0);

const longestCitation = 3;

/** Citation marks such as `[3]` in the text. */
export const countCitations = (text: string): number => {
  let found = 0;
  for (let at = text.indexOf("["); at !== -1; at = text.indexOf("[", at + 1)) {
    let end = at + 1;
    while (end <= at + longestCitation && isDigit(text.charCodeAt(end))) {
      end += 1;
    }
    found += end > at + 1 && text.charAt(end) === "]" ? 1 : 0;
  }
  return found;
};

/** Whether the last character that is neither space nor a closing mark asks; null for a text without one. */
export const endsWithQuestion = (text: string): boolean | null => {
  let at = text.length - 1;
  while (at >= 0 && closing.has(text.charAt(at))) {
    at -= 1;
  }
  return at < 0 ? null : questionMarks.has(text.charAt(at));
};

const closing: ReadonlySet<string> = new Set(" \t\r\n\"'”’»)]*_`".split(""));
const questionMarks: ReadonlySet<string> = new Set(["?", "？", "؟"]);

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
