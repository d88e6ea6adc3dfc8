import type { BrowsedRecord } from "./bus.ts";
import type { TopicReaderArgs } from "./topic-reader.ts";
import { topicReader } from "./topic-reader.ts";

/** The records that a topic holds when the iteration begins, partition by partition, in order of offset. */
export async function* browseTopic(args: TopicReaderArgs): AsyncGenerator<BrowsedRecord> {
  const reader = topicReader(args);
  for (const { first, end, ...id } of reader.partitions()) {
    for (let next = first; next < end; ) {
      const read = reader.read(id, next, end);
      for (const record of read.records) yield { ...record, partition: id.partition };
      next = read.next;
    }
  }
}
