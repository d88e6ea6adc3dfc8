import { mkdirSync, unlinkSync, utimesSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { HeldFile } from "./held-file.ts";
import { thisProcess, writeOwner } from "./owner.ts";
import { isGatewayId, listSpoolFolder, ownerPath } from "./spool-files.ts";

/** What owning needs. */
export interface OwnershipArgs {
  readonly dir: string;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between two signs of life. */
  readonly everyMs: number;
  /** Called once when another gateway has taken over. */
  readonly onLost: () => void;
}

/** This process as the owner of a gateway's files: it shows life until it lets go or another gateway has taken over. */
export class Ownership {
  readonly file: HeldFile;
  readonly #args: OwnershipArgs;
  readonly #ending = new AbortController();
  #beating: Promise<void> | null = null;

  /** Takes the id; throws `data.in_use` when it has files already, `data.read_only` when the folder cannot be written. */
  constructor(args: OwnershipArgs) {
    this.#args = args;
    takeFolder(args.dir, args.gatewayId);
    this.file = new HeldFile(ownerPath(args.dir, args.gatewayId));
    this.file.lost.addEventListener("abort", () => this.#lose(), { once: true });
  }

  get isLost(): boolean {
    return this.file.lost.aborted;
  }

  start(): void {
    this.#beating ??= this.#beat();
  }

  /** Lets go of the id. */
  async release(): Promise<void> {
    this.#ending.abort();
    await this.#beating;
    if (this.file.check()) {
      unlinkSync(this.file.path);
    }
  }

  async #beat(): Promise<void> {
    const { clock, everyMs, log } = this.#args;
    const { signal } = this.#ending;
    let isFailing = false;
    for (;;) {
      await clock.sleep(everyMs, signal);
      if (signal.aborted || !this.file.check()) {
        return;
      }
      try {
        const seconds = clock.nowMs() / 1_000;
        utimesSync(this.file.path, seconds, seconds);
        isFailing = false;
      } catch (error) {
        if (!isFailing) {
          isFailing = true;
          log.warn(
            { err: error },
            "no sign of life can be given: gateways of other machines may take this one for dead",
          );
        }
      }
    }
  }

  #lose(): void {
    const { log, gatewayId, onLost } = this.#args;
    onLost();
    log.error(
      { gatewayId },
      "another gateway took this one for dead and ships its calls: it takes no more, restart it",
    );
  }
}

const takeFolder = (dir: string, gatewayId: string): void => {
  if (!isGatewayId(gatewayId)) {
    throw new PlumblineError("config.invalid", `a gateway id has only letters, digits, "-" and "_": ${gatewayId}`);
  }
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { segments, claims, begun } = listSpoolFolder(dir);
    const isUsed = [...segments, ...claims].some((file) => file.gatewayId === gatewayId) || begun.includes(gatewayId);
    if (!isUsed && writeOwner(dir, gatewayId, thisProcess())) {
      return;
    }
  } catch (error) {
    throw new PlumblineError("data.read_only", `the spool folder ${dir} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new PlumblineError(
    "data.in_use",
    `gateway ${gatewayId} has files in ${dir} already: each start needs a new id`,
  );
};
