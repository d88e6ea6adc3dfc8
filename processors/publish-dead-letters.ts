import type { Bus } from "../bus/bus.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import { deadLetterHeaders, topics } from "../core/topics.ts";
import type { RecordRange, RejectedRecord } from "./build-batch.ts";

/** What dead letters are published with. */
export interface DeadLetterDeps {
  readonly bus: Bus;
  readonly log: Log;
  readonly meter: Meter;
  readonly version: string;
}

/**
 * Publishes the original bytes of unusable records, with the reason and the place in the headers. Its producer sequence is
 * the source offset, so that a range that is worked again after a crash makes no second letter.
 */
export const publishDeadLetters = async (
  deps: DeadLetterDeps,
  letters: { readonly range: RecordRange; readonly code: ErrorCode; readonly rejected: readonly RejectedRecord[] },
): Promise<void> => {
  const { topic, partition } = letters.range;
  for (const { record, reason } of letters.rejected) {
    deps.log.warn({ topic, partition, offset: record.offset, reason }, "record sent to dead letters");
    await deps.bus.publish({
      topic: topics.deadLetters,
      key: null,
      value: record.value,
      headers: {
        [deadLetterHeaders.code]: letters.code,
        [deadLetterHeaders.reason]: reason,
        [deadLetterHeaders.topic]: topic,
        [deadLetterHeaders.partition]: String(partition),
        [deadLetterHeaders.offset]: String(record.offset),
        [deadLetterHeaders.version]: deps.version,
      },
      producer: { id: `dead-letters:${topic}:${partition}`, sequence: record.offset + 1 },
    });
    deps.meter.add("stageRejected", 1, { stage: "processors", code: letters.code });
  }
};
