import type { Bus, PartitionSession } from "../bus/bus.ts";
import { topics } from "../core/topics.ts";
import { plannedEnd } from "./plan.ts";

/**
 * The producer id of a partition's dead letters, asked of the bus at the first call. Their sequences are the offsets of the
 * records, so that a range that is worked again makes no second letter. Where the bus knows sequences beyond what the group had
 * planned when the session began, the partition was made anew or the group was sent back: letters under that id would be
 * taken for repeats and vanish, so the next id is used.
 */
export const letterProducerOf = (
  bus: Pick<Bus, "lastSequence">,
  session: Pick<PartitionSession, "topic" | "partition" | "committed">,
): (() => Promise<string>) => {
  let picked: string | null = null;
  return async () => {
    picked ??= await pickProducer(bus, session);
    return picked;
  };
};

const pickProducer = async (
  bus: Pick<Bus, "lastSequence">,
  { topic, partition, committed }: Pick<PartitionSession, "topic" | "partition" | "committed">,
): Promise<string> => {
  const plannedUntil = Math.max(committed.offset, plannedEnd(committed.metadata) ?? 0);
  for (let generation = 1; ; generation += 1) {
    const id = `dead-letters:${topic}:${partition}${generation === 1 ? "" : `:${generation}`}`;
    if ((await bus.lastSequence(topics.deadLetters, id)) <= plannedUntil) {
      return id;
    }
  }
};
