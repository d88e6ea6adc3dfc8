import { z } from "zod";
import { PlumblineError } from "../core/errors.ts";
import type { LogStorage } from "./log-storage.ts";

/** Version of the layout of the log; it grows when an older Plumbline could no longer read what this one writes. */
export const logFormat = 1;

const formatKey = ["format"];
const formatSchema = z.int().min(1);

/** Marks a new log with this version; rejects with `data.newer_version`, and writes nothing, when the log is ahead of it. */
export const checkFormat = async (storage: LogStorage, dir: string): Promise<void> => {
  const stored = storage.state.get(formatKey);
  if (stored === undefined) {
    await storage.transact(() => storage.state.put(formatKey, logFormat));
    return;
  }
  const format = formatSchema.parse(stored);
  if (format > logFormat) {
    throw new PlumblineError(
      "data.newer_version",
      `${dir} has format ${format}; this Plumbline reads up to ${logFormat}.`,
    );
  }
};
