/** A fenced block of code within a text, as offsets. */
export interface Fence {
  /** Offset of the line that opens it. */
  readonly start: number;
  /** First word after the opening marks, in lower case; empty when there is none. */
  readonly language: string;
  readonly codeStart: number;
  readonly codeEnd: number;
  /** Offset after the line that closes it; the end of the text when nothing does. */
  readonly end: number;
  readonly isClosed: boolean;
}

const mark = "```";
/** No language's name is longer. */
const longestName = 32;
/** More blocks than an answer has; what comes after them counts as prose. */
const mostFences = 256;

/** The blocks that stand between lines which begin with three backticks, in order. */
export const findFences = (text: string): readonly Fence[] => {
  const fences: Fence[] = [];
  let open = findMarkLine(text, 0);
  while (open !== null && fences.length < mostFences) {
    const fence = fenceAt(text, open);
    fences.push(fence);
    open = findMarkLine(text, fence.end);
  }
  return fences;
};

interface MarkLine {
  /** Offset of the line's first character. */
  readonly start: number;
  /** Offset of its marks. */
  readonly mark: number;
  /** Offset of its end, before the line break. */
  readonly end: number;
}

const fenceAt = (text: string, open: MarkLine): Fence => {
  const close = findMarkLine(text, open.end);
  const language = text
    .slice(open.mark + mark.length, Math.min(open.end, open.mark + mark.length + longestName))
    .replaceAll("`", "")
    .trim()
    .toLowerCase();
  return {
    start: open.start,
    language: language.split(/[\s{:,]/, 1)[0] ?? "",
    codeStart: Math.min(open.end + 1, text.length),
    codeEnd: close?.start ?? text.length,
    end: close?.end ?? text.length,
    isClosed: close !== null,
  };
};

/** The next line from `from` on that begins with the marks; null when there is none. */
const findMarkLine = (text: string, from: number): MarkLine | null => {
  for (let at = text.indexOf(mark, from); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    let start = at;
    while (start > 0 && isIndent(text.charCodeAt(start - 1))) {
      start -= 1;
    }
    if (start === 0 || text.charCodeAt(start - 1) === newline) {
      const lineEnd = text.indexOf("\n", at);
      return { start, mark: at, end: lineEnd === -1 ? text.length : lineEnd };
    }
  }
  return null;
};

const newline = 0x0a;
const isIndent = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0d;
