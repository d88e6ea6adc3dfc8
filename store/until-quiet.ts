import type { Clock } from "../core/clock.ts";
import { PlumblineError } from "../core/errors.ts";
import type { BatchSource } from "./source-mark.ts";
import { sourceMark } from "./source-mark.ts";
import type { SqlClient } from "./sql-client.ts";
import { literal } from "./sql-client.ts";

/** What waiting is done with. */
export interface QuietDeps {
  readonly sql: SqlClient;
  readonly clock: Clock;
}

const pollMs = 100;

/** Polls before the wait is given up and left to the caller's own patience: 20 seconds. */
const maxPolls = 200;

/**
 * Resolves when no statement that writes rows of a source is running on the server, with the server's time in seconds since
 * the Unix epoch. A writer that was cut off, or gave up waiting, may have left one there that is still to take effect.
 * Rejects with `store.unavailable` when one runs on.
 */
export const untilQuiet = async ({ sql, clock }: QuietDeps, source: BatchSource): Promise<number> => {
  for (let polls = 0; polls < maxPolls; polls += 1) {
    const { running, nowSeconds } = await statementsOf(sql, source);
    if (running === 0) {
      return nowSeconds;
    }
    await clock.sleep(pollMs);
  }
  throw new PlumblineError(
    "store.unavailable",
    `a statement that writes ${source.topic}:${source.partition} has been running for ${(pollMs * maxPolls) / 1000} s`,
  );
};

/** How many statements that write rows of a source are running, and the server's time. */
export const statementsOf = async (
  sql: SqlClient,
  source: BatchSource,
): Promise<{ readonly running: number; readonly nowSeconds: number }> => {
  const [row] = await sql.select(
    `SELECT countIf(startsWith(Settings['log_comment'], ${literal(sourceMark(source))})) AS running, toUnixTimestamp(now()) AS now FROM system.processes`,
  );
  return { running: Number(row?.["running"]), nowSeconds: Number(row?.["now"]) };
};
