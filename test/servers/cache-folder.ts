import { homedir } from "node:os";
import { join } from "node:path";

/** Folder that keeps what servers need between runs: `PLUMBLINE_TEST_CACHE`, or `plumbline` in the user's cache folder. */
export const cacheFolder = (): string =>
  process.env["PLUMBLINE_TEST_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "plumbline");
