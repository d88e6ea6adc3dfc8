import type { Bus, BusRecord, PartitionSession, Subscription } from "../../bus/bus.ts";

/** A record and the partition it came from. */
export interface Delivery extends BusRecord {
  readonly partition: number;
}

/** Reads a partition to its present end, from an offset. */
export const readToEnd = async (session: PartitionSession, from: number): Promise<readonly BusRecord[]> => {
  const records: BusRecord[] = [];
  const end = await session.endOffset();
  let next = from;
  while (next < end && !session.signal.aborted) {
    const read = await session.read({ from: next, until: end, maxRecords: 100, maxBytes: 1 << 20, waitMs: 0 });
    records.push(...read.records);
    next = read.next;
  }
  return records;
};

/** Resolves when a session is asked to end. */
export const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Resolves with the first session of the group in which `work` ran, and what `work` returned; the session stays open. */
export const inSession = <T>(
  bus: Bus,
  at: { readonly topic: string; readonly group: string },
  work: (session: PartitionSession) => Promise<T>,
): Promise<{ readonly result: T; readonly subscription: Subscription }> =>
  new Promise((resolve, reject) => {
    const subscription = bus.consume({
      ...at,
      onPartition: async (session) => {
        const result = await work(session);
        resolve({ result, subscription });
        await ended(session.signal);
      },
      onError: reject,
    });
  });

/** Reads everything that a topic holds of the group's share, `count` records over all partitions, then gives it back. */
export const drain = async (
  bus: Bus,
  at: { readonly topic: string; readonly group: string },
  count: number,
): Promise<readonly Delivery[]> => {
  const deliveries: Delivery[] = [];
  const { promise: complete, resolve, reject } = Promise.withResolvers<void>();
  const subscription = bus.consume({
    ...at,
    onError: reject,
    onPartition: async ({ partition, committed, read, signal }) => {
      let next = committed.offset;
      while (!signal.aborted) {
        if (deliveries.length >= count) resolve();
        const found = await read({ from: next, maxRecords: 64, maxBytes: 1 << 20, waitMs: 60_000 });
        deliveries.push(...found.records.map((record) => ({ ...record, partition })));
        next = found.next;
      }
    },
  });
  if (count > 0) await complete;
  await subscription.stop();
  return deliveries;
};
