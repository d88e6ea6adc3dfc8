import { renameSync, unlinkSync } from "node:fs";
import { isCode, nobody, writeOwner } from "./owner.ts";
import type { SpoolFolder } from "./spool-files.ts";
import { claimPath, listSpoolFolder, ownerPath } from "./spool-files.ts";

/** Who claims, and what. */
export interface ClaimDeadArgs {
  readonly dir: string;
  /** The gateway that claims; its owner file is there already. */
  readonly holder: string;
  /** Whether the gateway of an id is proved dead. */
  readonly isDead: (gatewayId: string) => boolean;
  /** How many to hold at most; the rest is left to other gateways, or to a later claim. */
  readonly max: number;
}

/**
 * Takes over what dead gateways left in a folder and returns their ids, with those that the holder has claimed before. Of
 * several processes that try at once exactly one gets each: a take-over is the renaming of one file, which succeeds once. A
 * taker that dies is taken over likewise.
 */
export const claimDead = ({ dir, holder, isDead, max }: ClaimDeadArgs): readonly string[] => {
  const folder = listSpoolFolder(dir);
  const ids = new Set(
    [...folder.segments, ...folder.claims].map((file) => file.gatewayId).concat(folder.begun, folder.owners),
  );
  ids.delete(holder);
  const claimed: string[] = [];
  for (const gatewayId of [...ids].sort()) {
    if (claimed.length < max && claim({ dir, gatewayId, holder, isDead }, folder)) {
      claimed.push(gatewayId);
    }
  }
  return claimed;
};

/** Gives up what `claimDead` returned for an id, once nothing of it is left. */
export const endClaim = (dir: string, gatewayId: string, holder: string): void => {
  unlinkSync(claimPath(dir, gatewayId, holder));
};

interface ClaimArgs extends Pick<ClaimDeadArgs, "dir" | "holder" | "isDead"> {
  readonly gatewayId: string;
}

const claim = (args: ClaimArgs, folder: SpoolFolder): boolean => {
  const { dir, gatewayId, holder, isDead } = args;
  const held = folder.claims.find((each) => each.gatewayId === gatewayId);
  if (held?.holder === holder) {
    return true;
  }
  if (held !== undefined) {
    return isDead(held.holder) && tryRename(held.path, claimPath(dir, gatewayId, holder));
  }
  if (folder.owners.includes(gatewayId)) {
    return isDead(gatewayId) && tryRename(ownerPath(dir, gatewayId), claimPath(dir, gatewayId, holder));
  }
  return claimOrphan(args);
};

/**
 * Files without an owner are what a gateway left that had to stop while the bus was down. A listing can also miss an
 * owner file that is being renamed: then the other taker's claim is in the second listing, and it keeps what it has.
 */
const claimOrphan = ({ dir, gatewayId, holder }: ClaimArgs): boolean => {
  if (!writeOwner(dir, gatewayId, nobody)) {
    return false;
  }
  if (!tryRename(ownerPath(dir, gatewayId), claimPath(dir, gatewayId, holder))) {
    return false;
  }
  const claims = listSpoolFolder(dir).claims.filter((each) => each.gatewayId === gatewayId);
  if (claims.length > 1) {
    endClaim(dir, gatewayId, holder);
    return false;
  }
  return true;
};

const tryRename = (from: string, to: string): boolean => {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "ENOENT")) {
      return false;
    }
    throw error;
  }
};
