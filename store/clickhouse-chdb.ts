import { accessSync, constants, mkdirSync } from "node:fs";
import type { ClickHouseClient } from "@clickhouse/client";
import { createClient } from "@clickhouse/client";
import { messageOf, PlumblineError } from "../core/errors.ts";
import { readFolderOwner } from "./folder-owner.ts";

/** The engine in this process, open on a folder. */
export interface ChdbFolder {
  /** The connection that opened it. */
  readonly first: ClickHouseClient;
  /** Makes another connection; each runs one statement at a time. */
  readonly connect: () => ClickHouseClient;
}

/** Opens the engine in this process on a folder, which is made when absent; rejects when another process has it. */
export const openChdb = async (dir: string): Promise<ChdbFolder> => {
  const { createChdbConnection } = await loadChdb();
  const connect = (): ClickHouseClient => clientOn(createChdbConnection({ path: dir }));
  return { first: openFolder(dir, connect), connect };
};

/** Makes a database the one that unqualified names mean. */
export const useDatabase = async (client: ClickHouseClient, database: string): Promise<void> => {
  await client.command({ query: `USE ${database}` });
};

type ChdbModule = typeof import("chdb/connection");
type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>["connection"]>;

const clientOn = (connection: object): ClickHouseClient => {
  if (!isClientConnection(connection)) {
    throw new PlumblineError(
      "store.unavailable",
      "this version of chdb does not fit this version of @clickhouse/client",
    );
  }
  return createClient({ connection });
};

/** chdb declares the interface by another copy of its types, so what counts is looked at. */
const isClientConnection = (connection: object): connection is ClientConnection =>
  ["query", "command", "exec", "insert", "ping", "close"].every(
    (name) => typeof Reflect.get(connection, name) === "function",
  );

/** chDB is an optional dependency: on platforms without it the distributed form still works. */
const loadChdb = async (): Promise<ChdbModule> => {
  try {
    return await import("chdb/connection");
  } catch (error) {
    throw new PlumblineError(
      "store.unavailable",
      `the embedded ClickHouse (npm package chdb) is not installed for this platform: ${messageOf(error)}; set store.kind to server`,
      { cause: error },
    );
  }
};

/** The engine says only that it failed; who holds the folder stands in its lock file. */
const openFolder = (dir: string, connect: () => ClickHouseClient): ClickHouseClient => {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
    return connect();
  } catch (error) {
    const owner = readFolderOwner(dir);
    throw owner === null
      ? new PlumblineError("data.read_only", `the store in ${dir} cannot be opened: ${messageOf(error)}`, {
          cause: error,
        })
      : new PlumblineError("data.in_use", `the store in ${dir} belongs to process ${owner}`, { cause: error });
  }
};
