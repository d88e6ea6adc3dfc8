import type { RedriveOutcome } from "./redrive-letters.ts";

/** A redrive as it is told. */
export interface Redrive {
  readonly outcomes: readonly RedriveOutcome[];
  /** Letters that were to be sent; more than the outcomes where it was ended early. */
  readonly total: number;
  readonly isDryRun: boolean;
}

/** Whether every letter was sent, or would be. */
export const isWhole = ({ outcomes, total }: Redrive): boolean => sentOf(outcomes).length === total;

/** What a redrive did, for people. */
export const redriveText = (redrive: Redrive): string => {
  const { outcomes, total, isDryRun } = redrive;
  const failed = outcomes.filter(({ reason }) => reason !== null);
  const left = total - outcomes.length;
  if (total === 0) {
    return "no dead letters to send again\n";
  }
  return [
    `${isDryRun ? "would send" : "sent"} ${sentOf(outcomes).length} of ${total} dead letters again`,
    ...failed.map(({ letter, reason }) => `  not ${letter.id}: ${reason}`),
    ...(left > 0 ? [`  not reached: ${left}`] : []),
    ...(isDryRun || sentOf(outcomes).length === 0 ? [] : ["what fails again is listed anew, with its tries counted"]),
    "",
  ].join("\n");
};

/** What a redrive did, as one JSON object. */
export const redriveJson = ({ outcomes, total, isDryRun }: Redrive): string =>
  `${JSON.stringify({
    isDryRun,
    total,
    sent: sentOf(outcomes).map(({ letter: { id, origin } }) => ({
      id,
      topic: origin?.topic ?? null,
      partition: origin?.partition ?? null,
      offset: origin?.offset ?? null,
    })),
    notSent: outcomes.filter(({ reason }) => reason !== null).map(({ letter, reason }) => ({ id: letter.id, reason })),
  })}\n`;

const sentOf = (outcomes: readonly RedriveOutcome[]): readonly RedriveOutcome[] =>
  outcomes.filter(({ reason }) => reason === null);
