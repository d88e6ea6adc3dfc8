import type { AnswerMeasures } from "../core/measures.ts";
import type { Fence } from "./measure-fences.ts";

/** Whether parsed JSON keeps to the schema that the caller asked for; it may throw, which says nothing of the JSON. */
export type MatchesSchema = (value: unknown) => boolean;

/** Longer texts are not parsed, in characters. */
const longestJson = 1 << 20;

const unknown = { jsonForm: null, jsonValid: null, schemaValid: null } as const;

/** Measures of an answer as JSON: the whole text, with or without one fence around it. */
export const measureJson = (args: {
  readonly text: string;
  readonly fences: readonly Fence[];
  readonly matchesSchema: MatchesSchema | null;
}): Pick<AnswerMeasures, "jsonForm" | "jsonValid" | "schemaValid"> => {
  const { text, fences, matchesSchema } = args;
  if (text.length > longestJson) {
    return unknown;
  }
  const fenced = wholeFence(text, fences);
  const json = fenced ?? text.trim();
  const value = parseContainer(json);
  if (value !== null) {
    return { jsonForm: fenced === null ? "bare" : "fenced", jsonValid: true, schemaValid: check(matchesSchema, value) };
  }
  const schemaValid = matchesSchema === null ? null : false;
  return { jsonForm: beginsLikeJson(json) ? "broken" : "none", jsonValid: false, schemaValid };
};

/** Whether the text is a JSON value of any kind. */
export const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The code of the only fence, when nothing stands around it and it does not say to be of another language. */
const wholeFence = (text: string, fences: readonly Fence[]): string | null => {
  const [fence] = fences;
  if (fence === undefined || fences.length > 1 || (fence.language !== "" && fence.language !== "json")) {
    return null;
  }
  const isAlone = text.slice(0, fence.start).trim() === "" && text.slice(fence.end).trim() === "";
  return isAlone ? text.slice(fence.codeStart, fence.codeEnd).trim() : null;
};

/** Parses an object or array; null for everything else. The cheap look at both ends spares most texts an exception. */
const parseContainer = (json: string): object | null => {
  const ends = `${json.at(0) ?? ""}${json.at(-1) ?? ""}`;
  if (ends !== "{}" && ends !== "[]") {
    return null;
  }
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
};

const check = (matchesSchema: MatchesSchema | null, value: object): boolean | null => {
  try {
    return matchesSchema?.(value) ?? null;
  } catch {
    return null;
  }
};

const beginsLikeJson = (json: string): boolean => /^(?:\{\s{0,64}["}]|\[\s{0,64}["{[\]])/.test(json);
