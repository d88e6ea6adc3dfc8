import type { GroupProgress } from "./bus.ts";
import { readBounds, readCommitted, readTopic } from "./log-state.ts";
import type { StateTable } from "./log-storage.ts";

/** How far a group is in every partition of a topic; empty for a topic that was never used. */
export const progressOf = (
  state: StateTable,
  at: { readonly topic: string; readonly group: string },
): readonly GroupProgress[] => {
  const topic = readTopic(state, at.topic);
  return Array.from({ length: topic?.partitions ?? 0 }, (_, partition) => {
    const id = { topicId: topic?.id ?? 0, partition };
    const { first, end } = readBounds(state, id);
    return { partition, committed: readCommitted(state, id, at.group)?.offset ?? first, end };
  });
};
