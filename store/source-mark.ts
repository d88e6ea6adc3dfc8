import type { Batch } from "./store.ts";

/** A partition of the bus, whose rows have one writer at a time. */
export type BatchSource = Pick<Batch, "topic" | "partition">;

/** What the `log_comment` of every statement that writes rows of a source begins with, so that it can be seen while it runs. */
export const sourceMark = ({ topic, partition }: BatchSource): string => `plumbline ${topic}:${partition}:`;
