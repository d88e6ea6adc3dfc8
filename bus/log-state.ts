import { z } from "zod";
import type { Committed } from "./bus.ts";
import { keyPart } from "./key-part.ts";
import type { StateTable } from "./log-storage.ts";

const topicSchema = z.object({ id: z.int(), name: z.string(), partitions: z.int().min(1) });
const boundsSchema = z.object({ first: z.int().min(0), end: z.int().min(0) });
const sequenceSchema = z.int().min(0).default(0);
const bytesSchema = z.int().min(0).default(0);
const committedSchema = z.object({ offset: z.int().min(0), metadata: z.string() });

/** A topic as it was first used; its partitions never change. */
export type Topic = z.infer<typeof topicSchema>;

/** The offsets that a partition holds: from `first`, up to but not including `end`. */
export type Bounds = z.infer<typeof boundsSchema>;

/** A partition's address in the state. */
export interface PartitionId {
  readonly topicId: number;
  readonly partition: number;
}

/** The topic of that name, or null when it was never used. */
export const readTopic = (state: StateTable, name: string): Topic | null => {
  const stored = state.get(["topic", keyPart(name)]);
  return stored === undefined ? null : topicSchema.parse(stored);
};

/** The topic of that name; it is created with `partitions` when it was never used. */
export const ensureTopic = (state: StateTable, name: string, partitions: number): Topic => {
  const known = readTopic(state, name);
  if (known !== null) return known;
  const topic = { id: state.list(["topic"]).length, name, partitions };
  state.put(["topic", keyPart(name)], topic);
  return topic;
};

/** Every topic. */
export const listTopics = (state: StateTable): readonly Topic[] =>
  state.list(["topic"]).map(({ value }) => topicSchema.parse(value));

/** The offsets that a partition holds; both are 0 for one that was never written. */
export const readBounds = (state: StateTable, { topicId, partition }: PartitionId): Bounds => {
  const stored = state.get(["bounds", topicId, partition]);
  return stored === undefined ? { first: 0, end: 0 } : boundsSchema.parse(stored);
};

/** Sets the offsets that a partition holds. */
export const writeBounds = (state: StateTable, { topicId, partition }: PartitionId, bounds: Bounds): void =>
  state.put(["bounds", topicId, partition], bounds);

/** Bytes that the records of all topics take in the log. */
export const readTotalBytes = (state: StateTable): number => bytesSchema.parse(state.get(["total-bytes"]));

/** Adds to the bytes of a topic and of the log; a negative number takes away. */
export const addBytes = (state: StateTable, topicId: number, bytes: number): void => {
  state.put(["bytes", topicId], bytesSchema.parse(state.get(["bytes", topicId])) + bytes);
  state.put(["total-bytes"], readTotalBytes(state) + bytes);
};

/** The last sequence of a producer in a topic; 0 when it has none. */
export const readSequence = (state: StateTable, topicId: number, producerId: string): number =>
  sequenceSchema.parse(state.get(["sequence", topicId, keyPart(producerId)]));

/** Sets the last sequence of a producer in a topic. */
export const writeSequence = (
  state: StateTable,
  producer: { readonly topicId: number; readonly producerId: string },
  sequence: number,
): void => state.put(["sequence", producer.topicId, keyPart(producer.producerId)], sequence);

/** How far a group has come in a partition; null when it has committed nothing there. */
export const readCommitted = (state: StateTable, id: PartitionId, group: string): Committed | null => {
  const stored = state.get(["committed", id.topicId, keyPart(group), id.partition]);
  return stored === undefined ? null : committedSchema.parse(stored);
};

/** Sets how far a group has come in a partition. */
export const writeCommitted = (
  state: StateTable,
  at: PartitionId & { readonly group: string },
  { offset, metadata }: Committed,
): void => state.put(["committed", at.topicId, keyPart(at.group), at.partition], { offset, metadata });
