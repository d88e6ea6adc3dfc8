import { createHash } from "node:crypto";
import type { Bus, BusMessage, BusRecord } from "../bus/bus.ts";
import type { ErrorCode } from "../core/errors.ts";
import { PlumblineError } from "../core/errors.ts";
import { contentTypeHeader, deadLetterHeaders, topics } from "../core/topics.ts";
import type { Origin } from "./read-origin.ts";

/** A record that could not be used as a whole, why, and where it came from; `origin.tries` counts this failure. */
export interface FailedRecord {
  /** As it was read. */
  readonly record: BusRecord;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly origin: Origin;
}

/** What dead letters are published with. */
export interface DeadLetterDeps {
  readonly bus: Pick<Bus, "publish">;
  readonly producer: string;
  readonly version: string;
}

/**
 * Publishes the bytes of failed records, with reason and origin in the headers. The records must come in order of offset, since
 * that is their producer sequence: a letter below the last one would be taken for a repeat and vanish. For the same reason
 * each waits for the one before it: a bus may fail one and take the next. When it rejects, all can be published again.
 */
export const publishDeadLetters = async (deps: DeadLetterDeps, failed: readonly FailedRecord[]): Promise<void> => {
  for (const each of failed) {
    const letter = letterOf(deps, each);
    try {
      await deps.bus.publish(letter);
    } catch (error) {
      if (!isTooLarge(error)) {
        throw error;
      }
      await publishCut(deps, letter);
    }
  }
};

const isTooLarge = (error: unknown): boolean => error instanceof PlumblineError && error.code === "bus.too_large";

/** Bytes of the longest reason in a letter, and in one that has to be short. */
const longestReason = 1_000;
const shortReason = 200;

/** Bytes of the longest content type that is kept. */
const longestContentType = 80;

const letterOf = (
  { producer, version }: DeadLetterDeps,
  { record, code, reason, origin }: FailedRecord,
): BusMessage => ({
  topic: topics.deadLetters,
  key: null,
  value: record.value,
  headers: {
    [deadLetterHeaders.code]: code,
    [deadLetterHeaders.reason]: firstBytes(reason, longestReason),
    [deadLetterHeaders.topic]: origin.topic,
    [deadLetterHeaders.partition]: String(origin.partition),
    [deadLetterHeaders.offset]: String(origin.offset),
    [deadLetterHeaders.version]: version,
    [deadLetterHeaders.tries]: String(origin.tries),
    ...contentTypeOf(record),
  },
  producer: { id: producer, sequence: record.offset + 1 },
  mayUseReserve: true,
});

/** What is sent again must be read as it was written. */
const contentTypeOf = ({ headers }: BusRecord): BusMessage["headers"] => {
  const contentType = headers[contentTypeHeader];
  return contentType === undefined ? {} : { [contentTypeHeader]: firstBytes(contentType, longestContentType) };
};

/** How much of a record stays where a letter with all of it is above the bus's limit; the first that fits is taken. */
const heads = [65_536, 4_096, 256, 0] as const;

const publishCut = async ({ bus }: DeadLetterDeps, whole: BusMessage): Promise<void> => {
  const headers = {
    ...whole.headers,
    [deadLetterHeaders.reason]: firstBytes(whole.headers?.[deadLetterHeaders.reason] ?? "", shortReason),
    [deadLetterHeaders.size]: String(whole.value.byteLength),
    [deadLetterHeaders.sha256]: createHash("sha256").update(whole.value).digest("hex"),
  };
  for (const bytes of heads) {
    try {
      await bus.publish({ ...whole, headers, value: whole.value.subarray(0, bytes) });
      return;
    } catch (error) {
      if (!isTooLarge(error) || bytes === 0) {
        throw error;
      }
    }
  }
};

/** A text cut to so many bytes of UTF-8, at a character. */
const firstBytes = (text: string, bytes: number): string => {
  const encoded = Buffer.from(text);
  return encoded.byteLength <= bytes ? text : new TextDecoder().decode(encoded.subarray(0, bytes), { stream: true });
};
