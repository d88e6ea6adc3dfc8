import type { BrowsedRecord, Bus, BusMessage } from "../../bus/bus.ts";
import { messageOf } from "../../core/errors.ts";
import { deadLetterHeaders, topics } from "../../core/topics.ts";
import type { Letter } from "../../processors/read-letter.ts";
import { letterIdOf } from "../../processors/read-letter.ts";
import { redrivenMessage } from "../../processors/redriven-message.ts";
import type { Progress } from "../progress.ts";

/** What letters are sent again with. */
export interface RedriveArgs {
  readonly bus: Pick<Bus, "browse" | "publish">;
  readonly letters: readonly Letter[];
  /** True when nothing is to be sent, only told. */
  readonly isDryRun: boolean;
  readonly progress: Progress;
  /** Ends it early: no further letter is sent. */
  readonly signal: AbortSignal;
}

/** What became of one letter; `reason` says why it was not sent, null when it was. */
export interface RedriveOutcome {
  readonly letter: Letter;
  readonly reason: string | null;
}

/** Letters under way at once, and bytes of them. */
const atOnce = { letters: 64, bytes: 8 * 1024 * 1024 };

/**
 * Sends letters again to where they came from, and marks each as sent behind it: a letter that was sent and not marked can be
 * sent once more and is counted once. Letters that retention removed meanwhile, or that came after the end, have no outcome.
 */
export const redriveLetters = async (args: RedriveArgs): Promise<readonly RedriveOutcome[]> => {
  const wanted = new Map(args.letters.map((letter) => [letter.id, letter]));
  const outcomes: RedriveOutcome[] = [];
  let waiting: Parcel[] = [];
  const send = async (): Promise<void> => {
    outcomes.push(...(await Promise.all(waiting.map((parcel) => sendOne(args, parcel)))));
    waiting = [];
    args.progress.update(outcomes.length, `${outcomes.filter(({ reason }) => reason !== null).length} not sent`);
  };
  for await (const record of args.bus.browse(topics.deadLetters)) {
    const letter = wanted.get(letterIdOf(record));
    if (letter !== undefined) {
      waiting.push({ letter, record });
    }
    if (args.signal.aborted) {
      break;
    }
    if (isFull(waiting)) {
      await send();
    }
  }
  if (!args.signal.aborted) {
    await send();
  }
  args.progress.finish();
  return outcomes;
};

interface Parcel {
  readonly letter: Letter;
  readonly record: BrowsedRecord;
}

const isFull = (parcels: readonly Parcel[]): boolean =>
  parcels.length >= atOnce.letters ||
  parcels.reduce((sum, { record }) => sum + record.value.byteLength, 0) >= atOnce.bytes;

const sendOne = async ({ bus, isDryRun }: RedriveArgs, { letter, record }: Parcel): Promise<RedriveOutcome> => {
  const made = redrivenMessage(letter, record.value);
  if (!made.ok) {
    return { letter, reason: made.reason };
  }
  if (isDryRun) {
    return { letter, reason: null };
  }
  const failure = (await failureOf(bus, made.message)) ?? (await failureOf(bus, markOf(letter)));
  return { letter, reason: failure };
};

const markOf = ({ id }: Letter): BusMessage => ({
  topic: topics.deadLetters,
  key: null,
  value: new Uint8Array(),
  headers: { [deadLetterHeaders.redriven]: id },
});

/** Why a message could not be published; null when it was. */
const failureOf = async (bus: Pick<Bus, "publish">, message: BusMessage): Promise<string | null> => {
  try {
    await bus.publish(message);
    return null;
  } catch (error) {
    return `it could not be written to ${message.topic}: ${messageOf(error)}`;
  }
};
