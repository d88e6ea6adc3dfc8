import { linkSync, readFileSync, readlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { ownerPath } from "./spool-files.ts";

/** Which process a gateway is. */
const ownerSchema = z.object({
  pid: z.int(),
  /** Boot of the machine and start of the process in clock ticks after it; null where `/proc` does not tell. */
  startedAt: z.string().nullable(),
  /** Where the process id means something; null where that is not known. */
  place: z.string().nullable().default(null),
});

/** Which process a gateway is: the start keeps a reused process id from being mistaken for it. */
export type Owner = z.infer<typeof ownerSchema>;

/** The owner of files of which no process is known; it is never alive. */
export const nobody: Owner = { pid: 0, startedAt: null, place: null };

/** This process. */
export const thisProcess = (): Owner => ({
  pid: process.pid,
  startedAt: readProcess(process.pid)?.startedAt ?? null,
  place: thisPlace(),
});

/**
 * Where process ids mean what they mean here: a boot of a machine's kernel and a namespace of process ids in it, which
 * containers have of their own. Without `/proc` it is the name of the host.
 */
export const thisPlace = (): string => {
  try {
    return `${readBoot()}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return `host:${hostname()}`;
  }
};

/** Whether the process is still running, if it is of this place. A process that has exited and was not yet waited for is not. */
export const isAlive = (owner: Owner): boolean => {
  if (owner.pid <= 0) {
    return false;
  }
  const found = readProcess(owner.pid);
  if (found === null || owner.startedAt === null) {
    return isProcess(owner.pid);
  }
  return found.state !== "Z" && found.state !== "X" && found.startedAt === owner.startedAt;
};

/** Writes the owner file of a gateway, whole or not at all; false when there is one already. */
export const writeOwner = (dir: string, gatewayId: string, owner: Owner): boolean => {
  const path = ownerPath(dir, gatewayId);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) {
      return false;
    }
    throw error;
  } finally {
    unlinkSync(draft);
  }
};

/** Reads the owner file of a gateway; null when there is none. One that cannot be understood belongs to nobody. */
export const readOwner = (dir: string, gatewayId: string): Owner | null => {
  try {
    const parsed = ownerSchema.safeParse(JSON.parse(readFileSync(ownerPath(dir, gatewayId), "utf8")));
    return parsed.success ? parsed.data : nobody;
  } catch (error) {
    if (isCode(error, "ENOENT")) {
      return null;
    }
    if (error instanceof SyntaxError) {
      return nobody;
    }
    throw error;
  }
};

/** Whether something thrown by `node:fs` carries this code. */
export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** What `/proc` says of a process; null when it says nothing. */
const readProcess = (pid: number): { readonly state: string; readonly startedAt: string } | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readBoot();
    const ticks = rest[startTicksAfterState];
    return state === undefined || ticks === undefined ? null : { state, startedAt: `${boot}/${ticks}` };
  } catch {
    return null;
  }
};

const readBoot = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();

/** The start is field 22 of `/proc/PID/stat`, the state field 3; the program's name before them may hold spaces. */
const startTicksAfterState = 22 - 4;

const isProcess = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
};
