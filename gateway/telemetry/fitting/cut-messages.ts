import { isRecord } from "../../is-record.ts";
import { parseJson } from "../../parse-json.ts";
import { cutText, jsonBytes } from "./cut-text.ts";

/** A list of messages as JSON, and how much of it was left out. */
export interface CutMessages {
  /** Null when nothing could be kept. */
  readonly json: string | null;
  /** Bytes of text that were left out. */
  readonly cutBytes: number;
}

type Part = Readonly<Record<string, string>>;

/** One part of a message, or a message without parts; what is left out at one go when there are too many. */
interface Unit {
  readonly message: number;
  readonly role: string;
  readonly part: Part | null;
}

/** What a text keeps at least before whole parts are left out, in bytes: a few words of its head and tail. */
const leastTextBytes = 96;
/** Bytes of the message that stands for the parts left out. */
const omissionBytes = 128;

/**
 * Cuts messages, given as JSON in the shape of `gen_ai.input.messages`, to JSON of at most `maxBytes`. The longest texts are
 * cut first, in their middle. Where there are too many parts even for a few words of each, those in the middle of the list
 * are left out, and a part in their place says how many. What is no list of messages is left out whole.
 */
export const cutMessages = (json: string, maxBytes: number): CutMessages => {
  if (Buffer.byteLength(json) <= maxBytes) {
    return { json, cutBytes: 0 };
  }
  const units = unitsOf(json);
  const listBytes = maxBytes - "[]".length;
  const kept = units === null ? null : keepUnits(units, listBytes);
  if (units === null || kept === null) {
    return { json: null, cutBytes: units === null ? Buffer.byteLength(json) : textBytes(units) };
  }
  const omitted = units.slice(kept.head.length, units.length - kept.tail.length);
  const all = [...kept.head, ...kept.tail];
  const room = listBytes - (omitted.length === 0 ? 0 : omissionBytes) - sum(all.map(frameBytes));
  const cap = capWithin(all.flatMap(textsOf).map(jsonBytes), room);
  let cutBytes = textBytes(omitted);
  const cut = (text: string): string => {
    const result = cutText(text, cap);
    cutBytes += result.cutBytes;
    return result.text;
  };
  const messages = [...grouped(kept.head, cut), ...omission(omitted), ...grouped(kept.tail, cut)];
  return { json: JSON.stringify(messages), cutBytes };
};

/** Checked by hand: a caller can send a hundred thousand messages, and the gateway must not stand still over them. */
const unitsOf = (json: string): readonly Unit[] | null => {
  const messages = parseJson(json);
  if (!Array.isArray(messages)) {
    return null;
  }
  const units: Unit[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isMessage(message)) {
      return null;
    }
    const { role, parts } = message;
    for (const part of parts.length === 0 ? [null] : parts) {
      units.push({ message: index, role, part });
    }
  }
  return units;
};

interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
}

const isMessage = (value: unknown): value is Message =>
  isRecord(value) && typeof value["role"] === "string" && Array.isArray(value["parts"]) && value["parts"].every(isPart);

const isPart = (value: unknown): value is Part =>
  isRecord(value) && Object.values(value).every((text) => typeof text === "string");

/** The units that have room for a few words of each text: all, or some from both ends; null when not even one has. */
const keepUnits = (
  units: readonly Unit[],
  maxBytes: number,
): { readonly head: readonly Unit[]; readonly tail: readonly Unit[] } | null => {
  if (fitAtLeast(units, maxBytes)) {
    return { head: units, tail: [] };
  }
  let room = maxBytes - omissionBytes;
  let head = 0;
  let tail = 0;
  for (let next = 0; ; ) {
    room -= leastOf(units[next]);
    if (room < 0) {
      break;
    }
    if (head > tail) {
      tail += 1;
    } else {
      head += 1;
    }
    next = head > tail ? units.length - 1 - tail : head;
  }
  return head === 0 ? null : { head: units.slice(0, head), tail: units.slice(units.length - tail) };
};

const fitAtLeast = (units: readonly Unit[], maxBytes: number): boolean => {
  let bytes = 0;
  for (const unit of units) {
    bytes += leastOf(unit);
    if (bytes > maxBytes) {
      return false;
    }
  }
  return bytes <= maxBytes;
};

const leastOf = (unit: Unit | undefined): number =>
  unit === undefined ? 0 : frameBytes(unit) + sum(textsOf(unit).map(leastTextOf));

const leastTextOf = (text: string): number => Math.min(jsonBytes(text), leastTextBytes);

/** Bytes of a unit's JSON but for its texts, as a message of its own and with a comma. */
const frameBytes = ({ part }: Unit): number =>
  `{"role":"","parts":[]},`.length +
  (part === null ? 0 : "{}".length + sum(Object.keys(part).map((key) => jsonBytes(key) + `"":"",`.length)));

/** Every text of a unit, the role included: whatever a caller can make long. */
const textsOf = ({ role, part }: Unit): readonly string[] => [role, ...(part === null ? [] : Object.values(part))];

const textBytes = (units: readonly Unit[]): number =>
  sum(units.flatMap(({ part }) => Object.values(part ?? {})).map((text) => Buffer.byteLength(text)));

/** The greatest length such that all texts fit into `room` when the longer ones are cut to it. */
const capWithin = (lengths: readonly number[], room: number): number => {
  let left = room;
  for (const [index, length] of lengths.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index));
    if (length > share) {
      return share;
    }
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
};

const grouped = (units: readonly Unit[], cut: (text: string) => string): readonly object[] =>
  [...Map.groupBy(units, ({ message }) => message).values()].map((group) => ({
    role: cut(group[0]?.role ?? ""),
    parts: group.flatMap(({ part }) =>
      part === null ? [] : [Object.fromEntries(Object.entries(part).map(([key, text]) => [key, cut(text)]))],
    ),
  }));

const omission = (units: readonly Unit[]): readonly object[] =>
  units.length === 0
    ? []
    : [{ role: "plumbline", parts: [{ type: "omitted", kind: `${units.length} parts, ${textBytes(units)} bytes` }] }];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
