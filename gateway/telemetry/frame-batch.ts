/** Some frames in a row, as a spool hands them to the bus. */
export interface FrameBatch {
  /** Sequence of the first payload; the others follow without a gap. */
  readonly first: number;
  /** At least one. Each is an `ExportTraceServiceRequest` of one call. */
  readonly payloads: readonly Uint8Array[];
}

/** Sequence of a batch's last payload. */
export const lastOf = (batch: FrameBatch): number => batch.first + batch.payloads.length - 1;

/** The payloads of a batch with a sequence above `sequence`; null when there are none. */
export const batchAfter = (batch: FrameBatch, sequence: number): FrameBatch | null => {
  const skip = Math.max(0, sequence + 1 - batch.first);
  const payloads = batch.payloads.slice(skip);
  return payloads.length === 0 ? null : { first: batch.first + skip, payloads };
};

/** Cuts a batch of two or more payloads in two. */
export const splitBatch = (batch: FrameBatch): readonly [FrameBatch, FrameBatch] => {
  const half = batch.payloads.length >> 1;
  return [
    { first: batch.first, payloads: batch.payloads.slice(0, half) },
    { first: batch.first + half, payloads: batch.payloads.slice(half) },
  ];
};
