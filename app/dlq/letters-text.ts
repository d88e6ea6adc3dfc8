import type { ListedLetter } from "./list-letters.ts";

/** What of the letters is shown, in words: which are meant, and how many are left out because they were sent again. */
export interface LettersShown {
  readonly letters: readonly ListedLetter[];
  /** Such as ` with code span.undecodable`; empty where every letter is meant. */
  readonly scope: string;
  /** Letters in scope that are not shown, since they were sent again. */
  readonly redriven: number;
}

const head = ["id", "written", "code", "tries", "origin", "version", "bytes", "reason"] as const;
const rightAligned: ReadonlySet<string> = new Set(["tries", "bytes"]);

/** Dead letters as a table for people, one line a letter. */
export const lettersText = ({ letters, scope, redriven }: LettersShown): string => {
  const hidden = redriven === 0 ? "" : ` (${redriven} more sent again already: --redriven shows them)`;
  if (letters.length === 0) {
    return `no dead letters${scope}${hidden}\n`;
  }
  const table = [head, ...letters.map(cellsOf)];
  const widths = head.map((_, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)));
  const lines = table.map((cells) =>
    cells.map((cell, index) => padded(cell, { name: head[index] ?? "", width: widths[index] ?? 0 })).join("  "),
  );
  const count = letters.length === 1 ? "1 dead letter" : `${letters.length} dead letters`;
  return [...lines.map((line) => line.trimEnd()), "", `${count}${scope}${hidden}`, ""].join("\n");
};

const padded = (cell: string, { name, width }: { readonly name: string; readonly width: number }): string =>
  rightAligned.has(name) ? cell.padStart(width) : cell.padEnd(width);

const cellsOf = (letter: ListedLetter): readonly string[] => {
  const { id, atMs, code, origin, version, bytes, keptBytes, reason, redrivenAtMs } = letter;
  const texts = [
    id,
    timeText(atMs),
    code,
    origin === null ? "" : String(origin.tries),
    origin === null ? "" : `${origin.topic}:${origin.partition}:${origin.offset}`,
    version,
    keptBytes < bytes ? `${keptBytes} of ${bytes}` : String(bytes),
    `${redrivenAtMs === null ? "" : `[sent again ${timeText(redrivenAtMs)}] `}${reason}`,
  ];
  return texts.map((text) => plainText(text));
};

const longestCell = 120;

/** A text for one cell: headers are whatever somebody wrote, and must not steer the terminal. Empty becomes `-`. */
const plainText = (text: string): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return plain.length === 0 ? "-" : plain.length <= longestCell ? plain : `${plain.slice(0, longestCell - 1)}…`;
};

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}Z`;
