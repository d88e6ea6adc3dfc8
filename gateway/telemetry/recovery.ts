import { statSync } from "node:fs";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { sayGoodbyeFor } from "../census/say-goodbye-for.ts";
import { claimDead, endClaim } from "./claim.ts";
import { HeldFile } from "./held-file.ts";
import type { ShipDeps } from "./publish-batch.ts";
import { untilDone } from "./publish-batch.ts";
import { recoverGateway } from "./recover-gateway.ts";
import type { SegmentFile } from "./spool-files.ts";
import { claimPath, listSpoolFolder } from "./spool-files.ts";

/** What recovery needs. */
export interface RecoveryArgs {
  readonly dir: string;
  /** The gateway that recovers; its owner file is there already. */
  readonly holder: string;
  readonly maxRecordBytes: number;
  /** Version of this gateway. */
  readonly serviceVersion: string;
  /** Whether the gateway of an id is proved dead. */
  readonly isDead: (gatewayId: string) => boolean;
  /** Shipping for the calls of one dead gateway, as long as the claim on them is held. */
  readonly depsFor: (gatewayId: string, claim: HeldFile) => ShipDeps;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when recovery is to end, whatever is left. */
  readonly signal: AbortSignal;
}

/** Gateways that one look takes over at most: others that look at the same time find something to do as well. */
const maxClaims = 8;

/** Looks again and again for what dead gateways left in the folder, and ships it. */
export class Recovery {
  readonly #args: RecoveryArgs;
  readonly #left = new Map<SegmentFile, number>();
  #pass: Promise<void> = Promise.resolve();
  #running: Promise<void> | null = null;
  #isFailing = false;

  constructor(args: RecoveryArgs) {
    this.#args = args;
  }

  /** Bytes of the files that were taken over and are not shipped yet. */
  get bytesLeft(): number {
    return [...this.#left.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Begins to look; what is taken over at the first look is known when it returns. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is left of what was taken over, or the look that took it has failed. */
  settled(): Promise<void> {
    return this.#pass;
  }

  /** Resolves when the loop has ended after an abort of the signal. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal, clock, everyMs } = this.#args;
    while (!signal.aborted) {
      this.#pass = this.#look();
      await this.#pass;
      await clock.sleep(everyMs, signal);
    }
  }

  async #look(): Promise<void> {
    let failure: { readonly error: unknown } | null = null;
    try {
      for (const work of this.#claim()) {
        failure = (await this.#attempt(work)) ?? failure;
      }
    } catch (error) {
      failure = { error };
    }
    this.#left.clear();
    this.#tell(failure);
  }

  /** Claims, and lists what is to be done; all of it counts as waiting from then on. */
  #claim(): readonly (() => Promise<void>)[] {
    const { dir, holder, isDead, depsFor } = this.#args;
    const claimed = claimDead({ dir, holder, isDead, max: maxClaims });
    const segments = claimed.length === 0 ? [] : listSpoolFolder(dir).segments;
    return claimed.map((gatewayId) => {
      const files = segments.filter((file) => file.gatewayId === gatewayId);
      for (const file of files) {
        this.#left.set(file, statSync(file.path).size);
      }
      return async () => {
        const deps = depsFor(gatewayId, new HeldFile(claimPath(dir, gatewayId, holder)));
        const onFile = (file: SegmentFile): boolean => this.#left.delete(file);
        const isWhole = await recoverGateway({ ...this.#args, files, deps, onFile });
        if (isWhole && (await untilDone(deps, () => sayGoodbyeFor(gatewayId, deps))) !== null) {
          endClaim(dir, gatewayId, holder);
        }
      };
    });
  }

  /** A file that cannot be read must not keep the calls of other gateways waiting; its claim is held, and the next look tries again. */
  async #attempt(work: () => Promise<void>): Promise<{ readonly error: unknown } | null> {
    try {
      await work();
      return null;
    } catch (error) {
      return { error };
    }
  }

  #tell(failure: { readonly error: unknown } | null): void {
    const { log } = this.#args;
    if (failure !== null && !this.#isFailing) {
      log.error({ err: failure.error }, "recovery of the spool failed: its files are kept, and it is tried again");
    } else if (failure === null && this.#isFailing) {
      log.info({}, "recovery of the spool works again");
    }
    this.#isFailing = failure !== null;
  }
}
