import type { Labels } from "../../core/alert.ts";

/** How a matcher compares: equal, unequal, or by a regular expression that has to match the whole value. */
export type MatcherOperator = "=" | "!=" | "=~" | "!~";

/** A condition on one label; an absent label counts as empty. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatcherOperator;
  readonly value: string;
}

/** A matcher, or why the text is none. */
export type ParsedMatcher =
  | { readonly ok: true; readonly matcher: Matcher }
  | { readonly ok: false; readonly message: string };

/** Longest regular expression of a matcher, in characters. */
const longestPattern = 512;
/** A group that repeats without bound and holds a repetition or a choice: it may take exponential time to fail. */
const riskyPattern =
  /\((?:[^()\\]|\\.)*[*+|{](?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,\})|\)\)+(?:[*+]|\{\d+,\})|\\[1-9]|\(\?[=!<]/;
const written = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/** Reads a matcher as Alertmanager writes it, such as `severity="page"` or `route=~a|b`. */
export const parseMatcher = (text: string): ParsedMatcher => {
  const found = written.exec(text);
  const [, name, operator, raw = ""] = found ?? [];
  if (name === undefined || !isOperator(operator)) {
    return { ok: false, message: 'expected a condition on a label, such as severity="page" or route=~"a|b"' };
  }
  const value = unquote(raw);
  if (value === null) {
    return { ok: false, message: "the value has an opening quote and no closing one, or text after it" };
  }
  const matcher = { name, operator, value };
  const message = problemOf(matcher);
  return message === null ? { ok: true, matcher } : { ok: false, message };
};

/** Why a matcher cannot be used; null when it can. */
export const problemOf = ({ operator, value }: Matcher): string | null => {
  if (operator === "=" || operator === "!=") {
    return null;
  }
  if (value.length > longestPattern) {
    return `the regular expression is longer than ${longestPattern} characters`;
  }
  if (riskyPattern.test(value)) {
    return "the regular expression may take very long: no repeated groups with choices or repetitions, no look-around, no back-references";
  }
  return isPattern(value) ? null : "the regular expression cannot be read";
};

/** Tells whether labels satisfy every one of the matchers; no matcher is satisfied by all. */
export const testOf = (matchers: readonly Matcher[]): ((labels: Labels) => boolean) => {
  const tests = matchers.map(singleTest);
  return (labels) => tests.every((isMatch) => isMatch(labels));
};

/** The matchers in one order and notation, whatever way they were written. */
export const matchersText = (matchers: readonly Matcher[]): string =>
  `{${matchers
    .map(({ name, operator, value }) => `${name}${operator}${JSON.stringify(value)}`)
    .sort()
    .join(",")}}`;

const isOperator = (text: string | undefined): text is MatcherOperator =>
  text === "=" || text === "!=" || text === "=~" || text === "!~";

const unquote = (raw: string): string | null => {
  if (!raw.startsWith('"')) {
    return raw;
  }
  const inside = /^"((?:[^"\\]|\\.)*)"$/s.exec(raw)?.[1];
  return inside === undefined ? null : inside.replaceAll(/\\(["\\])/g, "$1").replaceAll("\\n", "\n");
};

const isPattern = (value: string): boolean => {
  try {
    // Alone as well: `a)|(b` would be one only between our own brackets.
    new RegExp(value, "su");
    whole(value);
    return true;
  } catch {
    return false;
  }
};

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "su");

const singleTest = ({ name, operator, value }: Matcher): ((labels: Labels) => boolean) => {
  switch (operator) {
    case "=":
      return (labels) => (labels[name] ?? "") === value;
    case "!=":
      return (labels) => (labels[name] ?? "") !== value;
    case "=~": {
      const pattern = whole(value);
      return (labels) => pattern.test(labels[name] ?? "");
    }
    case "!~": {
      const pattern = whole(value);
      return (labels) => !pattern.test(labels[name] ?? "");
    }
  }
};
