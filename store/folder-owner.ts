import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The process that has a folder of the embedded engine open, by its lock file; null when none is running. */
export const readFolderOwner = (dir: string): number | null => {
  try {
    const pid = ownerIn(readFileSync(join(dir, "status"), "utf8"));
    return pid !== null && pid !== process.pid && isRunning(pid) ? pid : null;
  } catch {
    return null;
  }
};

/** The engine writes `PID: 123` as the first line of the file that it locks. */
const ownerIn = (status: string): number | null => {
  const digits = /^PID: (\d+)$/m.exec(status)?.[1];
  return digits === undefined ? null : Number(digits);
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, which proves that it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};
