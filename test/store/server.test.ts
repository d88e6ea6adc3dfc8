import { createClient } from "@clickhouse/client";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { openServerStore } from "../../store/clickhouse.ts";
import { storeConfig } from "../../store/config.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { keptForEver, mondayMs } from "./batches.ts";
import { storeContract } from "./contract.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";
import { openOverHttp } from "./open-over-http.ts";

const address = process.env["PLUMBLINE_CLICKHOUSE_URL"];

/** Opens a store on the server, in a database that is made for it; user and password come with the address. */
const open = async (given: URL, database: string): Promise<OpenedStore> => {
  const { username, password, origin: url } = given;
  const credentials = { username: username === "" ? "default" : username, ...(password === "" ? {} : { password }) };
  const admin = createClient({ url, ...credentials });
  await admin.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  const config = storeConfig.parse({ kind: "server", url, ...credentials, database, retentionDays: keptForEver });
  if (config.kind !== "server") throw new Error("the configuration is of another kind");
  const clock = virtualClock(mondayMs + 86_400_000);
  const store = openServerStore({ config, clock, ids: randomIds, log: silentLog });
  const direct = createClient({ url, ...credentials, database });
  return {
    store,
    command: async (query) => {
      await direct.command({ query });
    },
    close: async () => {
      await Promise.all([direct.close(), admin.close(), store.close()]);
    },
  };
};

const engine = await makeEngine();
const owner = await openOverHttp(engine);

storeContract({
  name: "the endpoint of an embedded engine's owner",
  open: owner.open,
  remove: async () => {
    await owner.close();
    await engine.remove();
  },
});

if (address !== undefined) {
  storeContract({ name: "a server", open: (database) => open(new URL(address), database), remove: async () => {} });
}
