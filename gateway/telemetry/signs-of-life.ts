import { statSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import type { Owner } from "./owner.ts";
import { isAlive, isCode, readOwner } from "./owner.ts";
import { ownerPath } from "./spool-files.ts";

/** What is known of an owner. */
export interface OwnerFacts {
  readonly owner: Owner;
  /** Where we are; process ids of another place mean nothing here. */
  readonly place: string;
  /** Whether a process like the owner's runs here. */
  readonly isRunning: boolean;
  /** Milliseconds in which we have seen no sign of life of it, by our own monotonic clock. */
  readonly silentMs: number;
  /** Milliseconds of silence after which an owner of another place counts as dead. */
  readonly deadAfterMs: number;
}

/** Whether an owner is dead, and by what that is known. */
export interface Judgement {
  readonly isDead: boolean;
  readonly reason: "nobody" | "runs" | "ended" | "shows life" | "silent";
}

/**
 * Decides whether an owner is dead. Of an owner of this place the process itself is the proof, both ways. Of another machine,
 * another boot or another container it is not: there the owner counts as dead when its signs of life have stood still.
 */
export const judgeOwner = ({ owner, place, isRunning, silentMs, deadAfterMs }: OwnerFacts): Judgement => {
  if (owner.pid <= 0) {
    return { isDead: true, reason: "nobody" };
  }
  if (owner.place === place) {
    return isRunning ? { isDead: false, reason: "runs" } : { isDead: true, reason: "ended" };
  }
  return silentMs >= deadAfterMs ? { isDead: true, reason: "silent" } : { isDead: false, reason: "shows life" };
};

/** What watching needs. */
export interface SignsOfLifeArgs {
  readonly dir: string;
  readonly clock: Clock;
  readonly place: string;
  readonly deadAfterMs: number;
}

interface Sign {
  /** Time of change of the owner file; only that it differs means something, whatever its clock says. */
  readonly mark: number;
  /** Since when it has stood still, by our monotonic clock. */
  readonly sinceMs: number;
}

/** Watches the owner files of a folder. */
export class SignsOfLife {
  readonly #args: SignsOfLifeArgs;
  readonly #signs = new Map<string, Sign>();

  constructor(args: SignsOfLifeArgs) {
    this.#args = args;
  }

  /** Whether the gateway of an id is dead as far as is known now; one without an owner file has ended. */
  isDead(gatewayId: string): boolean {
    const { dir, place, deadAfterMs } = this.#args;
    const owner = readOwner(dir, gatewayId);
    if (owner === null) {
      this.#signs.delete(gatewayId);
      return true;
    }
    const silentMs = owner.place === place ? 0 : this.#silentMs(gatewayId);
    return judgeOwner({ owner, place, isRunning: isAlive(owner), silentMs, deadAfterMs }).isDead;
  }

  #silentMs(gatewayId: string): number {
    const nowMs = this.#args.clock.monotonicMs();
    const mark = changedAt(ownerPath(this.#args.dir, gatewayId));
    const sign = this.#signs.get(gatewayId);
    if (sign?.mark === mark) {
      return nowMs - sign.sinceMs;
    }
    this.#signs.set(gatewayId, { mark, sinceMs: nowMs });
    return 0;
  }
}

/** 0 for a file that has just gone. */
const changedAt = (path: string): number => {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    if (isCode(error, "ENOENT")) {
      return 0;
    }
    throw error;
  }
};
