/** A member of a JSON object, as byte offsets into its text. */
export interface JsonMember {
  readonly name: string;
  /** Offset of the opening quote of the name. */
  readonly start: number;
  readonly valueStart: number;
  /** Offset after the last byte of the value. */
  readonly valueEnd: number;
}

/** A replacement of the bytes from `start` to before `end` by `text`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBrace = 0x7d;
const closeBracket = 0x5d;
const comma = 0x2c;

/**
 * The members of the outermost object of `json`, in order, doubles included; nested ones are not looked at.
 * The text must be valid JSON with an object outermost: callers have parsed it before.
 */
export const scanMembers = (json: Buffer): readonly JsonMember[] => {
  const members: JsonMember[] = [];
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (at < json.length && json[at] === quote) {
    const nameEnd = skipString(json, at);
    const valueStart = skipSpace(json, skipSpace(json, nameEnd) + 1);
    const valueEnd = skipValue(json, valueStart);
    members.push({ name: readName(json, at, nameEnd), start: at, valueStart, valueEnd });
    at = skipSpace(json, valueEnd);
    at = json[at] === comma ? skipSpace(json, at + 1) : json.length;
  }
  return members;
};

/** The text with all splices made. They must be in order of offset and must not overlap. */
const applySplices = (json: Buffer, splices: readonly Splice[]): Buffer => {
  if (splices.length === 0) {
    return json;
  }
  const parts: Buffer[] = [];
  let at = 0;
  for (const { start, end, text } of splices) {
    parts.push(json.subarray(at, start), Buffer.from(text));
    at = end;
  }
  parts.push(json.subarray(at));
  return Buffer.concat(parts);
};

/** Sets the value of every outermost member called `name` to the JSON text `value`; nothing else changes. */
export const replaceMember = (json: Buffer, name: string, value: string): Buffer =>
  applySplices(
    json,
    scanMembers(json)
      .filter((member) => member.name === name)
      .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: value })),
  );

/** Puts a member first into the outermost object; `value` is JSON text. Nothing else changes. */
export const addMember = (json: Buffer, name: string, value: string): Buffer => {
  const at = skipSpace(json, 0) + 1;
  const isEmpty = json[skipSpace(json, at)] === closeBrace;
  const text = `${JSON.stringify(name)}:${value}${isEmpty ? "" : ","}`;
  return applySplices(json, [{ start: at, end: at, text }]);
};

/** Takes out the outermost members that `isUnwanted` picks, each with one comma; nothing else changes. */
export const removeMembers = (json: Buffer, isUnwanted: (member: JsonMember) => boolean): Buffer => {
  const members = scanMembers(json);
  const splices: Splice[] = [];
  let hasKept = false;
  for (const [index, member] of members.entries()) {
    if (!isUnwanted(member)) {
      hasKept = true;
      continue;
    }
    const before = hasKept ? members[index - 1] : undefined;
    const after = hasKept ? undefined : members[index + 1];
    splices.push({ start: before?.valueEnd ?? member.start, end: after?.start ?? member.valueEnd, text: "" });
  }
  return applySplices(json, splices);
};

const skipSpace = (json: Buffer, from: number): number => {
  let at = from;
  while (at < json.length && isSpace(json[at])) {
    at += 1;
  }
  return at;
};

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** From an opening quote to after its closing one. */
const skipString = (json: Buffer, from: number): number => {
  let at = from + 1;
  while (at < json.length) {
    const byte = json[at];
    if (byte === quote) {
      return at + 1;
    }
    at += byte === backslash ? 2 : 1;
  }
  return at;
};

/** From the first byte of a value to after its last one; a loop and not a recursion, so that depth costs no stack. */
const skipValue = (json: Buffer, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const byte = json[at];
    if (byte === quote) {
      at = skipString(json, at);
    } else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      at += 1;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      at += 1;
    } else {
      at = depth === 0 ? skipScalar(json, at) : at + 1;
    }
    if (depth === 0) {
      return at;
    }
  }
  return at;
};

/** From the first byte of a number, true, false or null to after its last one. */
const skipScalar = (json: Buffer, from: number): number => {
  let at = from;
  while (at < json.length && !isSpace(json[at]) && !isDelimiter(json[at])) {
    at += 1;
  }
  return at;
};

const isDelimiter = (byte: number | undefined): boolean =>
  byte === comma || byte === closeBrace || byte === closeBracket;

const readName = (json: Buffer, start: number, end: number): string => {
  const name = json.toString("utf8", start + 1, end - 1);
  return name.includes("\\") ? unescapeName(json.toString("utf8", start, end)) : name;
};

const unescapeName = (text: string): string => {
  const name: unknown = JSON.parse(text);
  return typeof name === "string" ? name : text;
};
