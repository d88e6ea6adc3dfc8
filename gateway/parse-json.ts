/** What a JSON text holds, or why nothing can be done with it: it is no JSON, or nested too deeply to be written anew. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: "malformed" | "too_deep" };

/** No request or answer that means something is nested as deep; writing a value as JSON runs out of stack some thousands of levels down. */
const mostLevels = 200;

const malformed: ReadJson = { ok: false, problem: "malformed" };
const tooDeep: ReadJson = { ok: false, problem: "too_deep" };

/** Reads a JSON text, or its bytes in UTF-8, of at most 200 levels. */
export const readJson = (json: string | Buffer): ReadJson => {
  try {
    const text = typeof json === "string" ? json : json.toString("utf8");
    const value: unknown = JSON.parse(text);
    return mayBeDeep(text) && isDeeperThan(value, mostLevels) ? tooDeep : { ok: true, value };
  } catch {
    return malformed;
  }
};

/** The value of a JSON text of at most 200 levels; undefined, which no JSON text stands for, for any other text. */
export const parseJson = (text: string | Buffer): unknown => {
  const read = readJson(text);
  return read.ok ? read.value : undefined;
};

/** Each level has two brackets: most texts are too short, or have too few, for their value to be walked through. */
const mayBeDeep = (text: string): boolean =>
  text.length > 2 * mostLevels && countOf(text, "{") + countOf(text, "[") > mostLevels;

/** How often a character is there; no more than one above the levels are counted. */
const countOf = (text: string, character: string): number => {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= mostLevels; at = text.indexOf(character, at + 1)) {
    count += 1;
  }
  return count;
};

const isDeeperThan = (value: unknown, levels: number): boolean => {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return levels === 0 || parts.some((each) => isDeeperThan(each, levels - 1));
};
