import { randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Runtime } from "../runtime.ts";

const keyBytes = 32;

/**
 * The key of the signatures of verdicts: the configuration's, else with an embedded bus that of the data folder, which whoever
 * comes first makes. Null when there is none: then no verdict can be written or believed.
 */
export const signingKey = async ({
  settings,
  folder,
  log,
}: Pick<Runtime, "settings" | "folder" | "log">): Promise<string | null> => {
  const { verdicts, bus } = settings.config;
  if (verdicts.signingKey !== undefined) return verdicts.signingKey;
  if (bus.kind === "embedded") return keyOf(folder.signingKey);
  log.warn({}, "verdicts.signingKey is not set: verdicts move no traffic");
  return null;
};

/** Linked and not renamed into place: of those who come at once, one makes the file and the others read it. */
const keyOf = async (file: string): Promise<string> => {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(draft, randomBytes(keyBytes).toString("hex"), { mode: 0o600, flush: true });
    await link(draft, file).catch(() => {});
    return await readFile(file, "utf8");
  } catch (error) {
    throw new PlumblineError("data.read_only", `${file} cannot be made or read: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
};
