import { openEmbeddedStore, openServerStore } from "../../store/clickhouse.ts";
import type { StoreConfig } from "../../store/config.ts";
import { createHttpEndpoint } from "../../store/http-endpoint.ts";
import type { Store } from "../../store/store.ts";
import type { Runtime } from "../runtime.ts";
import { readOwner, removeOwner, writeOwner } from "./owner-file.ts";

/** What a store is opened with. */
export type StoreRuntime = Pick<Runtime, "settings" | "folder" | "clock" | "ids" | "log">;

/** An open store, with what to tell of it and how to let go of it. */
export interface OpenedStore {
  readonly store: Store;
  readonly lines: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens the store for the process that writes it: brings the schema forward, and serves readers of the embedded one. */
export const openOwnStore = async (runtime: StoreRuntime): Promise<OpenedStore> => {
  const { settings, folder, log } = runtime;
  const config = settings.config.store;
  if (config.kind === "server") {
    const store = openServerStore({ ...runtime, config });
    await store.migrate();
    return { store, lines: [`store     ${config.url}`], close: store.close };
  }
  const store = await openEmbeddedStore({ ...runtime, config, dir: folder.store });
  try {
    await store.migrate();
    if (!config.http.enabled) {
      return { store, lines: [], close: store.close };
    }
    const endpoint = createHttpEndpoint({ store, config: config.http, log });
    const url = await endpoint.listen();
    writeOwner(folder.owner, { pid: process.pid, url });
    const close = async (): Promise<void> => {
      removeOwner(folder.owner);
      await endpoint.close();
      await store.close();
    };
    return { store, lines: [`SQL       ${url} (${whoMay(config)}, ClickHouse's HTTP protocol)`], close };
  } catch (error) {
    await store.close();
    throw error;
  }
};

/** Opens the store for reading: of the embedded one through its owner where one runs, else in this process. */
export const openReadStore = async (runtime: StoreRuntime): Promise<OpenedStore> => {
  const config = runtime.settings.config.store;
  if (config.kind === "server") {
    const store = openServerStore({ ...runtime, config });
    return { store, lines: [], close: store.close };
  }
  const owner = readOwner(runtime.folder.owner);
  if (owner !== null && (await isAnswering(owner.url))) {
    const store = openServerStore({ ...runtime, config: { ...asServer(config), url: owner.url } });
    return { store, lines: [], close: store.close };
  }
  const store = await openEmbeddedStore({ ...runtime, config, dir: runtime.folder.store });
  await store.migrate();
  return { store, lines: [], close: store.close };
};

type Embedded = Extract<StoreConfig, { kind: "embedded" }>;
type Server = Extract<StoreConfig, { kind: "server" }>;

/** The owner's endpoint as a server to read from. */
const asServer = ({ database, retentionDays, trust, http }: Embedded): Omit<Server, "url"> => ({
  kind: "server",
  requestSeconds: http.maxExecutionSeconds,
  database,
  retentionDays,
  trust,
  username: http.user,
  ...(http.password === undefined ? {} : { password: http.password }),
});

const whoMay = ({ http: { writer } }: Embedded): string =>
  writer === undefined
    ? "read-only"
    : `${writer.user} may write from ${writer.from === "loopback" ? "this machine" : "any address"}`;

const pingMs = 2_000;

const isAnswering = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(pingMs) });
    return response.ok;
  } catch {
    return false;
  }
};
