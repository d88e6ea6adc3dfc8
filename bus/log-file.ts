import { closeSync, existsSync, openSync, readSync } from "node:fs";

/** What LMDB writes near the start of each of its first two pages, and the least bytes that those take. */
const mark = Buffer.from("dec0efbe", "hex");
const markedBytes = 64;
const smallestBytes = 8192;

/**
 * Whether a file is missing, empty, or begins as a log does. LMDB itself ends the process when it is given something else, such
 * as a file that was cut short.
 */
export const isLogFile = (path: string): boolean => {
  if (!existsSync(path)) return true;
  const start = Buffer.alloc(smallestBytes);
  const file = openSync(path, "r");
  try {
    const length = readSync(file, start);
    return length === 0 || (length === smallestBytes && start.subarray(0, markedBytes).includes(mark));
  } finally {
    closeSync(file);
  }
};
