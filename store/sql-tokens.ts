/** A piece of SQL that is neither space nor comment. */
export interface SqlToken {
  /** `word` is a bare keyword or identifier, `quoted` an identifier in quotes, `text` a string, `other` one character. */
  readonly kind: "word" | "quoted" | "text" | "other";
  /** A word or character as written; of a quoted identifier or a string, what is between the quotes as written. */
  readonly value: string;
}

/** SQL that this reader may take for something else than ClickHouse does; it is refused rather than guessed at. */
export class AmbiguousSql extends Error {
  override readonly name = "AmbiguousSql";
}

/**
 * Splits SQL where ClickHouse does. What the two could read differently (nested comments, heredocs, curly quotes, escapes in
 * binary strings) throws `AmbiguousSql`: a reader that loses its place in the quotes would wave code through as text.
 */
export const sqlTokens = (sql: string): readonly SqlToken[] => {
  const tokens: SqlToken[] = [];
  let at = skipBlank(sql, 0);
  while (at < sql.length) {
    const { token, end } = readToken(sql, at);
    tokens.push(token);
    at = skipBlank(sql, end);
  }
  return tokens;
};

const space = /[ \t\n\r\f\v]+/y;
const lineComment = /(?:--|#[ !])[^\n]*/y;
const blockComment = /\/\*[\s\S]*?\*\//y;
const word = /[A-Za-z_0-9]+/y;
const quotedRuns = {
  "'": /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y,
  '"': /"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*"/y,
  "`": /`[^`\\]*(?:(?:\\[\s\S]|``)[^`\\]*)*`/y,
} as const;
const misreadable = /[$\0\u2018\u2019\u201c\u201d\u2212]/;

/** Offset of the first character from `from` on that is neither space nor comment. */
const skipBlank = (sql: string, from: number): number => {
  let at = from;
  for (;;) {
    const blank = matchAt(space, sql, at) ?? matchAt(lineComment, sql, at) ?? matchAt(blockComment, sql, at);
    if (blank === null) {
      return at;
    }
    if (blank.startsWith("/*") && blank.lastIndexOf("/*") > 0) {
      throw new AmbiguousSql("A comment in a comment is not allowed");
    }
    at += blank.length;
  }
};

const readToken = (sql: string, at: number): { readonly token: SqlToken; readonly end: number } => {
  const character = sql.charAt(at);
  if (character === "'" || character === '"' || character === "`") {
    const run = matchAt(quotedRuns[character], sql, at);
    const isBinary = character === "'" && /[bBxX]/.test(sql.charAt(at - 1));
    if (run === null || (isBinary && run.includes("\\"))) {
      throw new AmbiguousSql("A quote does not end, or a binary string has an escape");
    }
    return { token: { kind: character === "'" ? "text" : "quoted", value: run.slice(1, -1) }, end: at + run.length };
  }
  if (misreadable.test(character) || sql.startsWith("/*", at)) {
    throw new AmbiguousSql("A comment does not end, or $, NUL, curly quotes or U+2212 stand outside quotes");
  }
  const run = matchAt(word, sql, at);
  return { token: { kind: run === null ? "other" : "word", value: run ?? character }, end: at + (run?.length ?? 1) };
};

const matchAt = (pattern: RegExp, sql: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
};
