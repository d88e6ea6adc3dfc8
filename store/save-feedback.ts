import type { Clock } from "../core/clock.ts";
import type { Ids } from "../core/ids.ts";
import { feedbackTable } from "./catalogue-feedback.ts";
import { minuteCell, msCell } from "./cells.ts";
import type { Row } from "./rows.ts";
import type { SqlClient } from "./sql-client.ts";
import type { ReceivedFeedback } from "./store.ts";

/** What feedback is saved with. */
export interface SaveFeedbackDeps {
  readonly sql: SqlClient;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Saves facts about calls, those of one partition of the bus. The place of a fact is a part of its key, so that one that is saved
 * again merges into what is there, and every insert has a token of its own.
 */
export const saveFeedback = async (deps: SaveFeedbackDeps, received: readonly ReceivedFeedback[]): Promise<void> => {
  const [first] = received;
  if (first === undefined) {
    return;
  }
  const token = `feedback:${deps.ids.next()}`;
  const ingestedAt = msCell(deps.clock.nowMs());
  await deps.sql.insert({
    table: feedbackTable.name,
    columns: feedbackTable.columns,
    rows: received.map((each) => feedbackRow(each, ingestedAt)),
    token,
    partition: first.partition,
    comment: token,
  });
};

const feedbackRow = ({ feedback, partition, offset }: ReceivedFeedback, ingestedAt: number): Row => [
  minuteCell(BigInt(feedback.at) * 1_000_000n),
  feedback.callId ?? "",
  feedback.traceId ?? "",
  feedback.name,
  feedback.source,
  msCell(feedback.at),
  partition,
  offset,
  feedback.value,
  feedback.label ?? "",
  ingestedAt,
];
