import { readFile } from "node:fs/promises";
import { parseFrames } from "../frame.ts";
import { isCode } from "../owner.ts";
import type { BegunCall } from "./begun-call.ts";
import { decodeBegun } from "./begun-call.ts";
import { slotBytes } from "./begun-journal.ts";

/** What the file of a gateway's calls under way holds. */
export interface BegunRead {
  /** In order of their slots. */
  readonly calls: readonly BegunCall[];
  /** Slots that hold something else than a call. */
  readonly unreadable: number;
}

/** Reads the calls under way of a gateway that no longer runs; null when it left no file. */
export const readBegun = async (path: string): Promise<BegunRead | null> => {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (isCode(error, "ENOENT")) {
      return null;
    }
    throw error;
  });
  return bytes === null ? null : parseSlots(bytes);
};

const parseSlots = (bytes: Buffer): BegunRead => {
  const calls: BegunCall[] = [];
  let unreadable = 0;
  for (let at = 0; at < bytes.length; at += slotBytes) {
    const slot = bytes.subarray(at, at + slotBytes);
    // What follows the first frame is the rest of a longer one that stood here before.
    const [payload] = parseFrames(slot).payloads;
    const call = payload === undefined ? null : decodeBegun(payload);
    if (call !== null) {
      calls.push(call);
    } else if (slot.length < 4 || slot.readUInt32LE(0) !== 0) {
      unreadable += 1;
    }
  }
  return { calls, unreadable };
};
