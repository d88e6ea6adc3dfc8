import type { Fence } from "./measure-fences.ts";
import { isJson } from "./measure-json.ts";
import { isIndentedLikePython } from "./measure-python.ts";

/** Blocks that are checked; the rest counts as good. */
const mostChecked = 16;
/** Brackets that may stand in one another. */
const deepest = 1_000;

/** Languages of blocks that hold no code: only that they are closed is asked of them. */
const plainLanguages: ReadonlySet<string> = new Set([
  ...["text", "txt", "plaintext", "plain", "markdown", "md", "diff", "console", "output", "bash", "sh", "shell", "zsh"],
  ...["powershell", "bat", "cmd", "html", "xml", "svg", "latex", "tex", "regex", "brainfuck", "malbolge", "ascii"],
]);
const hashComments: ReadonlySet<string> = new Set(["python", "py", "ruby", "rb", "yaml", "yml", "toml", "perl", "r"]);
const dashComments: ReadonlySet<string> = new Set(["sql", "lua", "haskell", "hs", "ada", "elm"]);
const templates: ReadonlySet<string> = new Set(["js", "javascript", "ts", "typescript", "jsx", "tsx", "go"]);
const pythons: ReadonlySet<string> = new Set(["python", "py", "python3"]);

/**
 * Whether every block is closed and could be a program: JSON must parse; in other languages brackets must match outside of
 * strings and comments, and in Python what opens a block must be followed by a deeper line. It compiles nothing.
 */
export const codeParses = (text: string, fences: readonly Fence[]): boolean =>
  fences.slice(0, mostChecked).every((fence) => fence.isClosed && isPlausible(fence, text));

const isPlausible = ({ language, codeStart, codeEnd }: Fence, text: string): boolean => {
  if (plainLanguages.has(language)) {
    return true;
  }
  const code = text.slice(codeStart, codeEnd);
  if (language === "json") {
    return isJson(code);
  }
  return isBalanced(code, language) && (!pythons.has(language) || isIndentedLikePython(code));
};

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Whether brackets match outside of strings and comments. Every character is looked at a bounded number of times. */
const isBalanced = (code: string, language: string): boolean => {
  const open: string[] = [];
  let at = 0;
  while (at < code.length) {
    const next = skipToken(code, at, language);
    if (next === unclosed || open.length > deepest) {
      return false;
    }
    if (next === at + 1) {
      const character = code.charAt(at);
      const closer = closers[character];
      if (closer !== undefined) {
        open.push(closer);
      } else if ((character === ")" || character === "]" || character === "}") && open.pop() !== character) {
        return false;
      }
    }
    at = next;
  }
  return open.length === 0;
};

const unclosed = -1;

/** The offset after the string, comment or character at `at`; `unclosed` for a string that must be closed and is not. */
const skipToken = (code: string, at: number, language: string): number => {
  const character = code.charAt(at);
  switch (character) {
    case "\\":
      return at + 2;
    case "'":
    case '"':
      return code.startsWith(character.repeat(3), at) ? after(code, character.repeat(3), at + 3) : skipQuoted(code, at);
    case "`":
      return templates.has(language) ? after(code, "`", at + 1) : skipQuoted(code, at);
    case "#":
      return hashComments.has(language) ? endOfLine(code, at) : at + 1;
    case "-":
      return dashComments.has(language) && code.startsWith("--", at) ? endOfLine(code, at) : at + 1;
    case "/":
      return skipSlash(code, at, language);
    default:
      return at + 1;
  }
};

const skipSlash = (code: string, at: number, language: string): number => {
  if (hashComments.has(language) || code.charAt(at - 1) === ":") {
    return at + 1;
  }
  if (code.startsWith("//", at)) {
    return endOfLine(code, at);
  }
  return code.startsWith("/*", at) ? after(code, "*/", at + 2) : at + 1;
};

/** A quote that its line does not close is an apostrophe. */
const skipQuoted = (code: string, from: number): number => {
  const quote = code.charCodeAt(from);
  for (let at = from + 1; at < code.length; at += 1) {
    const unit = code.charCodeAt(at);
    if (unit === quote) {
      return at + 1;
    }
    if (unit === newline) {
      return from + 1;
    }
    at += unit === backslash ? 1 : 0;
  }
  return from + 1;
};

const newline = 0x0a;
const backslash = 0x5c;

const after = (code: string, mark: string, from: number): number => {
  const at = code.indexOf(mark, from);
  return at === -1 ? unclosed : at + mark.length;
};

const endOfLine = (code: string, from: number): number => {
  const at = code.indexOf("\n", from);
  return at === -1 ? code.length : at;
};
