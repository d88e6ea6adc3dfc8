import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { messageOf, PlumblineError } from "../core/errors.ts";

/** Layout of the data folder that this version writes. */
const formatVersion = 1;

/** The places inside a data folder. */
export interface DataFolder {
  readonly root: string;
  /** The embedded bus. */
  readonly bus: string;
  /** The embedded ClickHouse. */
  readonly store: string;
  /** Finished calls of the gateways that are not yet on the bus. */
  readonly spool: string;
  /** What budgets have spent. */
  readonly budgets: string;
  /** The verdicts that gateways go by while the bus is down. */
  readonly policy: string;
  /** Key of the signatures of verdicts, where the configuration names none. */
  readonly signingKey: string;
  /** Where the process that owns the embedded store says how to reach it. */
  readonly owner: string;
}

/** Makes the data folder when it is absent and checks that this version may write it. */
export const openDataFolder = (dir: string): DataFolder => {
  const root = resolve(dir);
  const folder = {
    root,
    bus: join(root, "bus"),
    store: join(root, "store"),
    spool: join(root, "spool"),
    budgets: join(root, "budgets.jsonl"),
    policy: join(root, "policy.jsonl"),
    signingKey: join(root, "verdicts.key"),
    owner: join(root, "owner.json"),
  };
  try {
    mkdirSync(root, { recursive: true });
    accessSync(root, constants.W_OK | constants.R_OK | constants.X_OK);
    for (const path of [folder.bus, folder.store, folder.spool]) {
      mkdirSync(path, { recursive: true });
      accessSync(path, constants.W_OK);
    }
    checkVersion(root);
  } catch (error) {
    if (error instanceof PlumblineError) {
      throw error;
    }
    throw new PlumblineError("data.read_only", `the data folder ${root} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return folder;
};

const checkVersion = (root: string): void => {
  const file = join(root, "VERSION");
  if (!existsSync(file)) {
    // Written aside and renamed, so that a kill between the two never leaves an empty version.
    writeFileSync(`${file}.new`, `${formatVersion}\n`);
    renameSync(`${file}.new`, file);
    return;
  }
  const text = readFileSync(file, "utf8").trim();
  const version = Number(text);
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new PlumblineError(
      "data.newer_version",
      `${file} holds ${JSON.stringify(text)}, which is no version of ours`,
    );
  }
  if (version > formatVersion) {
    throw new PlumblineError(
      "data.newer_version",
      `the data folder ${root} has format ${version}, and this Plumbline reads up to ${formatVersion}`,
    );
  }
};
