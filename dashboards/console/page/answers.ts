import type { Asked } from "./api.ts";
import { fetchRows } from "./api.ts";
import type { Row } from "./frame.ts";

/** An answer, or why there is none. */
export type Answer = readonly Row[] | Error;

/** Asks side by side and tells each answer as it comes; nothing is told after `signal` has aborted, and nothing rejects. */
export const askAll = async <Key extends Asked>(
  asked: readonly Key[],
  signal: AbortSignal,
  onAnswer: (asked: Key, answer: Answer) => void,
): Promise<void> => {
  await Promise.all(
    asked.map(async (one) => {
      const answer = await fetchRows(one, signal).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      );
      if (!signal.aborted) onAnswer(one, answer);
    }),
  );
};
