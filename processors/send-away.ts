import type { Line } from "./line.ts";
import { patiently } from "./patiently.ts";
import type { FailedRecord } from "./publish-dead-letters.ts";
import { publishDeadLetters } from "./publish-dead-letters.ts";

/** What letters are sent with. */
export interface SendAwayDeps extends Omit<Line, "steps" | "embedder" | "store"> {
  /** The stage that counts them. */
  readonly stage: string;
}

/** Publishes failed records as dead letters, in order of offset, as long as it takes; counts them and says so once. */
export const sendAway = async (deps: SendAwayDeps, failed: readonly FailedRecord[]): Promise<void> => {
  const { bus, version, letterProducer, log, meter, session, stage } = deps;
  const inOrder = failed.toSorted((a, b) => a.record.offset - b.record.offset);
  const [first] = inOrder;
  await patiently(deps, "the bus", async () =>
    publishDeadLetters({ bus, version, producer: await letterProducer() }, inOrder),
  );
  for (const { code } of inOrder) {
    meter.add("stageRejected", 1, { stage, code });
  }
  const { topic, partition } = session;
  const fields = { topic, partition, offset: first?.record.offset, code: first?.code, reason: first?.reason };
  log.warn({ ...fields, letters: inOrder.length }, "records sent to dead letters; the first of them is named");
};
