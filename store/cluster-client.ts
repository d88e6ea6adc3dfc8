import { isRetryable } from "../core/errors.ts";
import { localTable } from "./cluster-sql.ts";
import type { SqlClient } from "./sql-client.ts";

/** The servers of a cluster. */
export interface ClusterServers {
  /** Where questions and changes of the schema go, in the order of preference. */
  readonly any: readonly SqlClient[];
  /** The replicas of each shard. */
  readonly shards: readonly (readonly SqlClient[])[];
}

/**
 * A cluster as one client. An insert goes to the shard of its partition, so that a repeat meets the token of the first try
 * there; where a replica fails, the next one of the shard gets the same insert under the same token, which Keeper keeps for
 * all of them. Questions and changes go to the first server that answers.
 */
export const clusterClient = ({ any, shards }: ClusterServers): SqlClient => ({
  command: (sql, options) => firstThatAnswers(any, (server) => server.command(sql, options)),
  select: (sql, parameters) => firstThatAnswers(any, (server) => server.select(sql, parameters)),
  insert: (insert) =>
    firstThatAnswers(shards[shardOf(insert.partition, shards.length)] ?? [], (replica) =>
      replica.insert({ ...insert, table: localTable(insert.table) }),
    ),
  close: async () => {
    await Promise.all([...any, ...shards.flat()].map((server) => server.close()));
  },
});

/** Which shard holds the rows of a partition of the bus, from 0. */
const shardOf = (partition: number, shards: number): number => partition % shards;

const firstThatAnswers = async <T>(
  servers: readonly SqlClient[],
  ask: (server: SqlClient) => Promise<T>,
): Promise<T> => {
  let failure: unknown = new TypeError("a shard needs a replica");
  for (const server of servers) {
    try {
      return await ask(server);
    } catch (error) {
      if (!isRetryable(error)) {
        throw error;
      }
      failure = error;
    }
  }
  throw failure;
};
