import type { BusMessage } from "../bus/bus.ts";
import { contentTypeHeader, deadLetterHeaders, topics } from "../core/topics.ts";
import type { Letter } from "./read-letter.ts";

/** Topics whose processors count a record at the place that its headers name; to any other one nothing is sent again. */
const takenBack: readonly string[] = [topics.spans];

/** The record of a letter as it is sent again, or why it cannot be. */
export type RedrivenMessage =
  | { readonly ok: true; readonly message: BusMessage }
  | { readonly ok: false; readonly reason: string };

/**
 * Makes of a letter and its bytes the record that is sent again: the original bytes, to the partition they came from, whose
 * owner is the one writer of their rows. A letter is not trusted with the choice of topic: it may have been forged.
 */
export const redrivenMessage = (
  { origin, contentType, bytes, keptBytes }: Letter,
  value: Uint8Array,
): RedrivenMessage => {
  if (origin === null) {
    return { ok: false, reason: "it names no origin" };
  }
  if (!takenBack.includes(origin.topic)) {
    return { ok: false, reason: `the topic ${origin.topic} takes nothing back` };
  }
  if (keptBytes < bytes) {
    return { ok: false, reason: `it holds only the first ${keptBytes} of ${bytes} bytes` };
  }
  const headers = {
    [deadLetterHeaders.topic]: origin.topic,
    [deadLetterHeaders.partition]: String(origin.partition),
    [deadLetterHeaders.offset]: String(origin.offset),
    [deadLetterHeaders.tries]: String(origin.tries),
    ...(contentType === null ? {} : { [contentTypeHeader]: contentType }),
  };
  return { ok: true, message: { topic: origin.topic, key: null, partition: origin.partition, value, headers } };
};
