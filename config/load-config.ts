import { readFileSync } from "node:fs";
import type { Document } from "yaml";
import { isCollection, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { Environment } from "./environment.ts";
import { SecretReference } from "./secret.ts";

/** One mistake in a configuration file. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1; null when the mistake has no line, such as a file that is missing a section. */
  readonly line: number | null;
  /** Where in the configuration, such as `gateway.routes.default.targets[0].weight`. */
  readonly path: string;
  /** The `name` of the list entry that it is in, such as a rule's; null when there is none. */
  readonly entry: string | null;
  readonly message: string;
}

/** A configuration, or every mistake in it. */
export type ConfigResult<T> =
  | { readonly ok: true; readonly config: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** What to read. `file` is only named in problems. */
export interface ConfigSource<T> {
  readonly schema: z.ZodType<T>;
  readonly file: string;
  readonly text: string;
  readonly environment: Environment;
}

/** Parses the YAML text of a configuration; reports all mistakes at once, each with its line and path. */
export const parseConfig = <T>(source: ConfigSource<T>): ConfigResult<T> => {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map((error) => syntaxProblem(error, source.file, lines)) };
  }
  markReferences(document, source.environment);
  const value = plainValue(document);
  if (!value.ok) {
    return { ok: false, problems: [{ file: source.file, line: null, path: "", entry: null, message: value.message }] };
  }
  const parsed = source.schema.safeParse(value.value ?? {}, { reportInput: true });
  if (parsed.success) {
    return { ok: true, config: deepFreeze(parsed.data) };
  }
  const problems = parsed.error.issues.flatMap(flatten).map((issue) => ({
    file: source.file,
    line: lineOf(document, issue.path, lines),
    path: pathText(issue.path),
    entry: entryOf(document, issue.path),
    message: issue.message,
  }));
  return { ok: false, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
};

/** Reads and parses a configuration file; throws `config.unreadable` when it cannot be read. */
export const readConfig = <T>(args: {
  readonly schema: z.ZodType<T>;
  readonly file: string;
  readonly environment: Environment;
}): ConfigResult<T> => {
  try {
    return parseConfig({ ...args, text: readFileSync(args.file, "utf8") });
  } catch (error) {
    throw new PlumblineError("config.unreadable", `${args.file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};

/** The problems as lines of text: `file:line path of entry: message`. */
export const formatProblems = (problems: readonly ConfigProblem[]): string =>
  problems
    .map(({ file, line, path, entry, message }) => {
      const place = `${file}${line === null ? "" : `:${line}`} ${path || "(root)"}`;
      return `${place}${entry === null ? "" : ` of ${entry}`}: ${message}`;
    })
    .join("\n");

/** The plain value of a document; an alias without its anchor, or too many aliases, shows only here. */
const plainValue = (
  document: Document,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } => {
  try {
    return { ok: true, value: document.toJS() };
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  }
};

interface FlatIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Turns one zod issue into one or more with readable messages: each unknown key becomes an issue of its own. */
const flatten = (issue: z.core.$ZodIssue): readonly FlatIssue[] => {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: "unknown setting" }));
  }
  if (issue.input instanceof SecretReference && issue.code !== "custom") {
    return [{ path: issue.path, message: "${VAR} may stand only for secrets; write the value itself" }];
  }
  return [{ path: issue.path, message: issue.message }];
};

const syntaxProblem = (
  error: { readonly message: string; readonly pos: [number, number] },
  file: string,
  lines: LineCounter,
): ConfigProblem => ({ file, line: lines.linePos(error.pos[0]).line, path: "", entry: null, message: error.message });

const referencePattern = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** Replaces every scalar `${VAR}` by a reference that only a `secret()` schema accepts. */
const markReferences = (document: Document, environment: Environment): void => {
  visit(document, {
    Scalar: (key, node) => {
      const variable =
        typeof node.value === "string" && key !== "key" ? referencePattern.exec(node.value)?.[1] : undefined;
      if (variable !== undefined) {
        node.value = new SecretReference(variable, environment[variable]);
      }
    },
  });
};

/** The line of a path, or of its nearest parent that the file has; null for the root. */
const lineOf = (document: Document, path: readonly PropertyKey[], lines: LineCounter): number | null => {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== null) {
      return lines.linePos(offset).line;
    }
  }
  return null;
};

/** The name of the innermost list entry on a path that has one. */
const entryOf = (document: Document, path: readonly PropertyKey[]): string | null => {
  for (let length = path.length; length > 0; length -= 1) {
    const name = typeof path[length - 1] === "number" ? document.getIn([...path.slice(0, length), "name"]) : undefined;
    if (typeof name === "string") {
      return name;
    }
  }
  return null;
};

/** Where a member starts: at its key in a map, at its value in a list. */
const offsetOf = (document: Document, path: readonly PropertyKey[]): number | null => {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (!isCollection(parent)) {
    return null;
  }
  for (const [index, item] of parent.items.entries()) {
    if (isPair(item) && isScalar(item.key) && item.key.value === last) {
      return item.key.range?.[0] ?? null;
    }
    if (!isPair(item) && index === last && isNode(item)) {
      return item.range?.[0] ?? null;
    }
  }
  return null;
};

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");

const deepFreeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
};
