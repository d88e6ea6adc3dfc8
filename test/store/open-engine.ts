import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChdbConnection } from "chdb/connection";
import { createChdbConnection } from "chdb/connection";
import { z } from "zod";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import type { EmbeddedStore } from "../../store/clickhouse.ts";
import { openEmbeddedStore } from "../../store/clickhouse.ts";
import type { EmbeddedStoreConfig } from "../../store/config.ts";
import { storeConfig } from "../../store/config.ts";
import type { SqlClient } from "../../store/sql-client.ts";
import type { Store } from "../../store/store.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { keptForEver, mondayMs } from "./batches.ts";

/** A store under test, with a way around it to the engine, for damage that only a crash does. */
export interface OpenedStore<S extends Store = Store> {
  readonly store: S;
  /** Runs a statement of any kind in the store's database. */
  readonly command: (sql: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** An embedded engine on a folder of its own. A process can have one folder, so tests are kept apart by database. */
export interface Engine {
  readonly dir: string;
  readonly config: (database: string) => EmbeddedStoreConfig;
  readonly open: (database: string) => Promise<OpenedStore<EmbeddedStore> & { readonly clock: VirtualClock }>;
  /** What the store itself asks of the engine, with no store around it; for statements, not for rows. */
  readonly client: (database: string) => Promise<SqlClient>;
  readonly remove: () => Promise<void>;
}

/** Makes the folder of an embedded engine. */
export const makeEngine = async (): Promise<Engine> => {
  const folder = await mkdtemp(join(tmpdir(), "plumbline-store-"));
  const dir = join(folder, "store");
  const config = (database: string): EmbeddedStoreConfig => {
    const parsed = storeConfig.parse({ kind: "embedded", database, http: { port: 0 }, retentionDays: keptForEver });
    if (parsed.kind !== "embedded") throw new Error("the configuration is of another kind");
    return parsed;
  };
  return {
    dir,
    config,
    // The engine may still be putting its files away.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
    client: async (database) => {
      const connection = createChdbConnection({ path: dir });
      await connection.chdb.queryAsync(`USE ${database}`);
      return clientOn(connection);
    },
    open: async (database) => {
      const clock = virtualClock(mondayMs + 86_400_000);
      const store = await openEmbeddedStore({ dir, config: config(database), log: silentLog, clock, ids: randomIds });
      const connection = createChdbConnection({ path: dir });
      await connection.chdb.queryAsync(`USE ${database}`);
      return {
        store,
        clock,
        command: async (sql) => {
          await connection.chdb.queryAsync(sql);
        },
        close: async () => {
          await connection.close();
          await store.close();
        },
      };
    },
  };
};

const clientOn = (connection: ChdbConnection): SqlClient => {
  const run = async (sql: string): Promise<string> =>
    (await connection.chdb.queryAsync(sql, { format: "JSONCompact" })).text();
  return {
    command: async (sql) => {
      await run(sql);
    },
    select: async (sql) => {
      const { meta, data } = answerShape.parse(JSON.parse(await run(sql)));
      return data.map((row) => Object.fromEntries(meta.map(({ name }, index) => [name, row[index]])));
    },
    insert: () => Promise.reject(new Error("this client inserts no rows from outside")),
    close: () => connection.close(),
  };
};

const answerShape = z.object({
  meta: z.array(z.object({ name: z.string() })),
  data: z.array(z.array(z.unknown())),
});
