import type { Bus } from "../../bus/bus.ts";
import { topics } from "../../core/topics.ts";
import type { Letter } from "../../processors/read-letter.ts";
import { readLetter } from "../../processors/read-letter.ts";

/** A dead letter, and when it was sent again last; null when it was not. */
export interface ListedLetter extends Letter {
  readonly redrivenAtMs: number | null;
}

/** Every dead letter that the bus still holds, oldest first; of each all but its bytes. */
export const listLetters = async (bus: Pick<Bus, "browse">): Promise<readonly ListedLetter[]> => {
  const letters: Letter[] = [];
  const marks = new Map<string, number>();
  for await (const record of bus.browse(topics.deadLetters)) {
    const read = readLetter(record);
    if (read.kind === "letter") {
      letters.push(read.letter);
    } else {
      marks.set(read.letterId, Math.max(read.atMs, marks.get(read.letterId) ?? 0));
    }
  }
  return letters
    .map((letter) => ({ ...letter, redrivenAtMs: marks.get(letter.id) ?? null }))
    .sort((a, b) => a.atMs - b.atMs);
};
