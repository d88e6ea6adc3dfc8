import type { ListedLetter } from "./list-letters.ts";

/** Dead letters as one JSON object; what a letter does not name is null, and times are ISO 8601. */
export const lettersJson = (letters: readonly ListedLetter[]): string =>
  `${JSON.stringify({ letters: letters.map(letterJson) })}\n`;

const letterJson = (letter: ListedLetter) => ({
  id: letter.id,
  writtenAt: isoText(letter.atMs),
  code: textOrNull(letter.code),
  reason: textOrNull(letter.reason),
  tries: letter.origin?.tries ?? null,
  topic: letter.origin?.topic ?? null,
  partition: letter.origin?.partition ?? null,
  offset: letter.origin?.offset ?? null,
  version: textOrNull(letter.version),
  bytes: letter.bytes,
  keptBytes: letter.keptBytes,
  redrivenAt: letter.redrivenAtMs === null ? null : isoText(letter.redrivenAtMs),
});

const textOrNull = (text: string): string | null => (text === "" ? null : text);

const isoText = (ms: number): string => new Date(ms).toISOString();
