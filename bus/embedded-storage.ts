import { accessSync, constants, mkdirSync, realpathSync } from "node:fs";
import { constants as systemConstants } from "node:os";
import { join } from "node:path";
import type { Database, RootDatabase } from "lmdb";
import { open } from "lmdb";
import { messageOf, PlumblineError } from "../core/errors.ts";
import { isLogFile } from "./log-file.ts";
import type { LogStorage, RecordTable, StateKey, StateTable } from "./log-storage.ts";
import { offsetOfKey, recordKey } from "./record-key.ts";

type Key = (string | number)[];

/**
 * Folders that this thread has open. Opening one twice would stop the thread for ever: opening takes the write lock and waits
 * for it, and a transaction of the first opening that has the lock waits for this thread to run it.
 */
const openFolders = new Set<string>();

/** Opens the tables of the log in `dir`; `maxBytes` is what its records may take together. */
export const openEmbeddedStorage = (dir: string, maxBytes: number): LogStorage => {
  const folder = writableFolder(dir);
  if (openFolders.has(folder)) throw new PlumblineError("data.in_use", `${dir} is open in this process already.`);
  const { root, state, records } = openTables(folder, maxBytes);
  openFolders.add(folder);
  return {
    state: stateTable(state),
    records: recordTable(records),
    transact: (write) => transact(root, write),
    refresh: () => root.resetReadTxn(),
    dropDeadReaders: () => {
      root.readerCheck();
    },
    close: async () => {
      await root.close();
      openFolders.delete(folder);
    },
  };
};

const writableFolder = (dir: string): string => {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(dir);
  } catch (cause) {
    throw new PlumblineError("data.read_only", `The bus cannot write to ${dir}: ${messageOf(cause)}`, { cause });
  }
};

const gibibyte = 1024 ** 3;

interface Tables {
  readonly root: RootDatabase;
  readonly state: Database<unknown, Key>;
  readonly records: Database<Uint8Array, Uint8Array>;
}

const openTables = (path: string, maxBytes: number): Tables => {
  try {
    if (!isLogFile(join(path, "data.mdb"))) throw new Error("data.mdb is no log.");
    const root = open({
      path,
      // A folder with a dot in its name would be taken for a file.
      noSubdir: false,
      maxDbs: 4,
      // Address space, not disk: removed records leave gaps, so the file may grow beyond the records' own limit.
      mapSize: 2 * Math.ceil(maxBytes / gibibyte) * gibibyte + gibibyte,
      // A commit is synced before it can be seen: no process reads, or acknowledges, what a power cut could take back.
      overlappingSync: false,
      // The start of a batch has a promise of its own, which nobody could look at when the commit fails.
      eventTurnBatching: false,
    });
    return {
      root,
      state: root.openDB("state", { encoding: "json" }),
      records: root.openDB("records", { encoding: "binary", keyEncoding: "binary" }),
    };
  } catch (cause) {
    const code = isForbidden(cause) ? "data.read_only" : "bus.unavailable";
    throw new PlumblineError(code, `The log in ${path} cannot be opened: ${messageOf(cause)}`, { cause });
  }
};

const { EACCES, EPERM, EROFS } = systemConstants.errno;

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && "code" in error && [EACCES, EPERM, EROFS].some((errno) => error.code === errno);

/** In a child transaction: only that can be undone when `write` throws. */
const transact = async (root: RootDatabase, write: () => void): Promise<void> => {
  try {
    await root.childTransaction(write);
  } catch (error) {
    throw await commitErrorOf(error);
  }
};

/** The error of a failed commit comes as a promise on the error, and would end the process if nobody looked at it. */
const commitErrorOf = async (error: unknown): Promise<unknown> => {
  if (!(error instanceof Error && "commitError" in error && error.commitError instanceof Promise)) return error;
  return error.commitError.catch((cause: unknown) => cause);
};

/** Sorts behind every key part that there is. */
const last = "\x7f";

const stateTable = (database: Database<unknown, Key>): StateTable => ({
  get: (key) => database.get([...key]),
  put: (key, value) => {
    database.putSync([...key], value);
  },
  remove: (key) => {
    database.removeSync([...key]);
  },
  list: (prefix: StateKey) => [
    ...database.getRange({ start: [...prefix], exclusiveStart: true, end: [...prefix, last] }),
  ],
});

const recordTable = (database: Database<Uint8Array, Uint8Array>): RecordTable => ({
  get: (place) => database.get(recordKey(place)),
  put: (place, bytes) => {
    database.putSync(recordKey(place), bytes);
  },
  remove: (place) => {
    database.removeSync(recordKey(place));
  },
  *range(from, untilOffset) {
    const end = recordKey({ ...from, offset: Math.max(from.offset, untilOffset) });
    for (const { key, value } of database.getRange({ start: recordKey(from), end })) {
      yield { offset: offsetOfKey(key), bytes: value };
    }
  },
});
