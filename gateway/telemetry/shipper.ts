import { PlumblineError } from "../../core/errors.ts";
import { Bell } from "./bell.ts";
import type { FrameBatch } from "./frame-batch.ts";
import type { ShipDeps } from "./publish-batch.ts";
import { lastKnown, publishBatch, untilDone } from "./publish-batch.ts";
import type { Spool } from "./spool.ts";

/** What a shipper needs. Its deps' signal ends it. */
export interface ShipperArgs {
  readonly spool: Spool;
  readonly deps: ShipDeps;
  readonly maxRecordBytes: number;
  readonly lingerMs: number;
  /** Called before frames go to the bus, behind which they may leave the spool. */
  readonly beforePublish: () => void;
}

/** Takes frames from the spool in order and puts them on the bus, as few records as the linger time allows. */
export class Shipper {
  readonly #args: ShipperArgs;
  readonly #appended = new Bell();
  readonly #progressed = new Bell();
  #linger: AbortController | null = null;
  /** Frames up to this sequence do not wait for company. */
  #urgentThrough = 0;
  #running: Promise<void> | null = null;
  #refusal: string | null = null;

  constructor(args: ShipperArgs) {
    this.#args = args;
    args.deps.signal.addEventListener("abort", () => this.#ringAll(), { once: true });
  }

  /** Why this gateway can ship nothing at all; null when it can. */
  get refusal(): string | null {
    return this.#refusal;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Tells that a frame was appended to the spool. */
  wake(): void {
    this.#appended.ring();
    if (this.#isFull()) {
      this.#linger?.abort();
    }
  }

  /** Resolves when every frame appended before the call is shipped; rejects with `bus.closed` when shipping ends first. */
  async flush(): Promise<void> {
    const target = this.#args.spool.last;
    this.#urgentThrough = Math.max(this.#urgentThrough, target);
    this.#linger?.abort();
    while (this.#args.spool.shippedThrough < target) {
      if (this.#refusal !== null) {
        throw new PlumblineError("data.in_use", this.#refusal);
      }
      if (this.#args.deps.signal.aborted) {
        throw new PlumblineError("bus.closed", "the gateway stopped before all its calls were on the bus");
      }
      await this.#progressed.wait();
    }
  }

  /** Resolves when the loop has ended after an abort of the signal. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { spool, deps, maxRecordBytes, beforePublish } = this.#args;
    while (!deps.signal.aborted) {
      if (spool.shippedThrough === spool.last || this.#refusal !== null) {
        await this.#appended.wait();
        continue;
      }
      await this.#gather();
      const batch = await untilDone(deps, () => spool.take(maxRecordBytes));
      beforePublish();
      if (batch !== null && (await this.#isNewProducer(batch)) && (await publishBatch(batch, deps))) {
        spool.markShipped(batch);
      }
      this.#progressed.ring();
    }
  }

  /**
   * The bus takes sequences it has already seen for repeats and appends nothing: with the id of an earlier process all
   * calls of this one would vanish.
   */
  async #isNewProducer(batch: FrameBatch): Promise<boolean> {
    const { deps } = this.#args;
    if (batch.first > 1) {
      return true;
    }
    const known = await lastKnown(deps);
    if (known !== null && known > 0) {
      this.#refusal = `the bus knows ${known} calls of an earlier process with the gateway id ${deps.gatewayId}`;
      deps.log.error({ gatewayId: deps.gatewayId, known }, "a gateway id was used before: its calls stay in the spool");
    }
    return known === 0;
  }

  /** Waits for more frames, unless a record is full already or somebody waits for what is there. */
  async #gather(): Promise<void> {
    const { spool, deps, lingerMs } = this.#args;
    if (lingerMs === 0 || this.#isFull() || spool.shippedThrough < this.#urgentThrough) {
      return;
    }
    this.#linger = new AbortController();
    await deps.clock.sleep(lingerMs, this.#linger.signal);
    this.#linger = null;
  }

  #isFull(): boolean {
    return this.#args.spool.unshippedBytes >= this.#args.maxRecordBytes;
  }

  #ringAll(): void {
    this.#appended.ring();
    this.#progressed.ring();
    this.#linger?.abort();
  }
}
