import type { ClickHouseClient } from "@clickhouse/client";
import { PlumblineError } from "../core/errors.ts";
import type { Ids } from "../core/ids.ts";
import { boundOf, insertInto, outputSettings, rowsOf, runCommand } from "./clickhouse-client.ts";
import type { SqlClient } from "./sql-client.ts";

/** Longest time of a statement that changes the schema or moves rows into a new form; ending it early would not stop it. */
const longMs = 3_600_000;

/** Asks a server over HTTP; every statement ends within its time limit, with an answer or as `store.unavailable`. */
export const serverClient = (server: {
  readonly client: ClickHouseClient;
  readonly limitMs: number;
  readonly ids: Ids;
}): SqlClient => {
  const { client, limitMs, ids } = server;
  return {
    command: (sql, options) =>
      within(options?.isLong === true ? longMs : limitMs, (signal) => runCommand(client, sql, signal)),
    select: (sql, parameters) =>
      within(limitMs, (signal) =>
        rowsOf(client, {
          query: sql,
          clickhouse_settings: { ...outputSettings, readonly: "1" },
          abort_signal: signal,
          ...boundOf(parameters),
        }),
      ),
    insert: (insert) =>
      within(limitMs, (signal) => insertInto(client, insert, { queryId: `${insert.token}:${ids.next()}`, signal })),
    close: () => client.close(),
  };
};

/** Runs a task with a signal that aborts after a time, and tells then that the time was up. */
const within = async <T>(limitMs: number, task: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const signal = AbortSignal.timeout(limitMs);
  try {
    return await task(signal);
  } catch (error) {
    throw signal.aborted
      ? new PlumblineError("store.unavailable", `ClickHouse did not answer within ${limitMs / 1000} s`, {
          cause: error,
        })
      : error;
  }
};
