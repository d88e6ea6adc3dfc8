import type { Clock } from "../../core/clock.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { openServerStore } from "../../store/clickhouse.ts";
import type { ServerStoreConfig } from "../../store/config.ts";
import { storeConfig } from "../../store/config.ts";
import { createHttpEndpoint } from "../../store/http-endpoint.ts";
import type { Store } from "../../store/store.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { keptForEver, mondayMs } from "./batches.ts";
import type { Engine, OpenedStore } from "./open-engine.ts";

/** The user that may write, in tests. */
export const writer = {
  user: "writer",
  password: "a secret of tests",
  from: "loopback",
  maxInsertBytes: 268_435_456,
} as const;

/** The owner of an embedded engine, which others write to over HTTP. */
export interface Owner {
  readonly url: string;
  /** Opens a store on the owner's endpoint, in a database of its own, which is made. */
  readonly open: (database: string) => Promise<OpenedStore>;
  readonly close: () => Promise<void>;
}

/** Makes this process the owner of an engine, with an endpoint that lets a writer in. */
export const openOverHttp = async (engine: Engine): Promise<Owner> => {
  const owner = await engine.open("owner");
  const config = { ...engine.config("owner").http, writer };
  const endpoint = createHttpEndpoint({ store: owner.store, config, log: silentLog });
  const url = await endpoint.listen();
  return {
    url,
    open: async (database) => {
      await owner.command(`CREATE DATABASE IF NOT EXISTS ${database}`);
      const direct = await engine.client(database);
      const store = openServerOf({ url, database, clock: virtualClock(mondayMs + 86_400_000) });
      return {
        store,
        command: direct.command,
        close: async () => {
          await direct.close();
          await store.close();
        },
      };
    },
    close: async () => {
      await endpoint.close();
      await owner.close();
    },
  };
};

/** A store on a server, as the writer of tests; time is the machine's own where no clock is given. */
export const openServerOf = (given: {
  readonly url: string;
  readonly database: string;
  readonly clock?: Clock;
  readonly requestSeconds?: number;
  readonly as?: { readonly username: string; readonly password?: string };
}): Store =>
  openServerStore({ config: serverConfigOf(given), clock: given.clock ?? systemClock, ids: randomIds, log: silentLog });

const serverConfigOf = ({
  url,
  database,
  requestSeconds,
  as,
}: Parameters<typeof openServerOf>[0]): ServerStoreConfig => {
  const config = storeConfig.parse({
    kind: "server",
    url,
    database,
    ...(as ?? { username: writer.user, password: writer.password }),
    retentionDays: keptForEver,
    ...(requestSeconds === undefined ? {} : { requestSeconds }),
  });
  if (config.kind !== "server") throw new Error("the configuration is of another kind");
  return config;
};
