import { deepStrictEqual } from "node:assert";
import { partitionOf } from "../../bus/partition-of.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import type { OtlpSpan } from "../../processors/otlp-span.ts";
import { spansOf } from "../processors/spans-of.ts";
import { encodings } from "./collector-config.ts";
import type { Golden } from "./golden.ts";
import { sentResource, sentSpans } from "./sent-spans.ts";

/** What was compared in a run. */
export interface Compared {
  readonly what: string;
  readonly records: number;
  readonly spans: number;
}

/**
 * Compares what the Collector wrote with what it was sent, and what it received with what we wrote: every field of every
 * span, and the partition of every key. Throws at the first difference.
 */
export const checkRun = ({ written, received }: Golden): readonly Compared[] => [
  ...encodings.map((encoding): Compared => {
    const records = written.filter((record) => record.encoding === encoding);
    const spans = records.flatMap(({ value }) => decodeSpans(Buffer.from(value, "base64")));
    deepStrictEqual(inOrder(spans), inOrder(spansOf(sentSpans, sentResource)));
    for (const { key, partition, partitions, value } of records) {
      deepStrictEqual(partitionOf(key, partitions), partition);
      deepStrictEqual(new Set(decodeSpans(Buffer.from(value, "base64")).map(({ traceId }) => traceId)), new Set([key]));
    }
    return { what: `${encoding}, written by the Collector`, records: records.length, spans: spans.length };
  }),
  ...received.map(({ encoding, sent, lines }): Compared => {
    const ours = sent.flatMap((value) => decodeSpans(Buffer.from(value, "base64")));
    const theirs = lines.flatMap((line) => decodeSpans(Buffer.from(line)));
    deepStrictEqual(inOrder(theirs), inOrder(ours));
    return { what: `${encoding}, written by Plumbline`, records: sent.length, spans: theirs.length };
  }),
];

const inOrder = (spans: readonly OtlpSpan[]): readonly OtlpSpan[] =>
  spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : Number(a.spanId > b.spanId)));
