/** Most bytes of a provider's usage object that are kept; no provider's is half as long. */
export const maxRawUsage = 2_048;
const maxDepth = 8;
const maxMembers = 64;

/** A name or a word such as `AUDIO` or `on_demand`: anything longer could be text of a call. */
const name = /^[\w.:/-]{1,48}$/;

/** JSON all of whose strings are names, as every known provider's is: it needs no member-wise look, which takes several times as long. */
const namesOnly = /^(?:[^"]|"[\w.:/-]{1,48}")*$/;

/**
 * A provider's usage object as it came, as JSON, so that a bill can be audited later: its numbers and names, and nothing that
 * could be text. Empty when it is no object; of one above 2,048 bytes its length alone, as `too_long`.
 */
export const rawUsageText = (value: unknown): string => {
  if (!isObject(value)) {
    return "";
  }
  const whole = textOf(value);
  if (whole !== null && whole.length <= maxRawUsage && namesOnly.test(whole)) {
    return whole;
  }
  const text = JSON.stringify(keep(value, 0));
  return text.length <= maxRawUsage ? text : JSON.stringify({ too_long: text.length });
};

/** Null for an object nested so deeply that the engine's stack does not hold it: a record must not fail for it. */
const textOf = (value: object): string | null => {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
};

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is kept of a value; undefined for nothing. */
const keep = (value: unknown, depth: number): unknown => {
  switch (typeof value) {
    case "number":
    case "boolean":
      return value;
    case "string":
      return name.test(value) ? value : undefined;
    case "object":
      return depth < maxDepth ? keepMembers(value, depth) : undefined;
    default:
      return undefined;
  }
};

const keepMembers = (value: object | null, depth: number): unknown => {
  if (value === null) {
    return null;
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.slice(0, maxMembers).map((item) => keep(item, depth + 1) ?? null);
  }
  const members = Object.entries(value)
    .slice(0, maxMembers)
    .flatMap(([key, member]) => {
      const kept = name.test(key) ? keep(member, depth + 1) : undefined;
      return kept === undefined ? [] : [[key, kept]];
    });
  return Object.fromEntries(members);
};
