import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { frameBytes } from "./frame.ts";
import type { FrameBatch } from "./frame-batch.ts";
import { lastOf } from "./frame-batch.ts";
import { FrameMemory } from "./frame-memory.ts";
import { growingPauseMs } from "./growing-pause.ts";
import type { WriteAt } from "./segment-writer.ts";
import type { SpoolConfig } from "./spool-config.ts";
import { SpoolDisk } from "./spool-disk.ts";
import type { SpoolLoad } from "./spool-mode.ts";

/** What a spool needs. */
export interface SpoolArgs {
  readonly dir: string;
  readonly gatewayId: string;
  readonly config: SpoolConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Called after each append. */
  readonly onAppend: () => void;
  /** Called whenever what waits has become more or less. */
  readonly onLoad: () => void;
  /** Bytes of other spools that count against the same budget. */
  readonly otherBytes: () => number;
  readonly writeAt?: WriteAt | undefined;
}

const framesPerTurn = 256;

/**
 * The finished calls of this gateway that are not on the bus yet: frames in local files, numbered from 1.
 * A frame is with the operating system when `append` returns: it survives a kill of the process, not a power cut.
 * While the disk refuses, frames wait in memory, in order, and are written or shipped from there.
 */
export class Spool {
  readonly #args: SpoolArgs;
  readonly #disk: SpoolDisk;
  readonly #memory = new FrameMemory();
  readonly #stopping = new AbortController();
  #retrying: Promise<void> | null = null;
  #last = 0;
  #taken = 0;
  #shipped = 0;
  #unshippedBytes = 0;
  #closedBecause: string | null = null;
  #isOurs = true;

  constructor(args: SpoolArgs) {
    this.#args = args;
    this.#disk = new SpoolDisk({ ...args, segmentBytes: args.config.segmentBytes });
  }

  /** Sequence of the last frame appended; 0 when there is none. */
  get last(): number {
    return this.#last;
  }

  /** Every frame up to this sequence is on the bus. */
  get shippedThrough(): number {
    return this.#shipped;
  }

  get unshippedBytes(): number {
    return this.#unshippedBytes;
  }

  /** What waits, other spools of the same budget included. */
  get load(): SpoolLoad {
    return { waitingBytes: this.#unshippedBytes + this.#args.otherBytes(), memoryBytes: this.#memory.bytes };
  }

  /** Adds a frame, of whose bytes nothing is needed afterwards, and returns its sequence. Does not throw for a disk that refuses; throws once the spool is closed. */
  append(payload: Uint8Array): number {
    if (this.#closedBecause !== null) {
      throw new PlumblineError("spool.unwritable", `the spool is closed: ${this.#closedBecause}`);
    }
    const sequence = this.#last + 1;
    this.#last = sequence;
    this.#unshippedBytes += frameBytes(payload);
    if (this.#memory.count > 0 || !this.#disk.write(sequence, payload)) {
      this.#memory.add(sequence, Buffer.from(payload));
      this.#retrying ??= this.#retryWrites();
    }
    this.#args.meter.set("spoolUnshipped", this.#last - this.#shipped);
    this.#args.onAppend();
    this.#args.onLoad();
    return sequence;
  }

  /** The next frames in order, of about `maxBytes`, each handed out once; null when there are none. Calls must not overlap. */
  async take(maxBytes: number): Promise<FrameBatch | null> {
    const first = this.#taken + 1;
    const read = await this.#disk.read(first, maxBytes);
    if (read?.kind === "lost") {
      this.#unshippedBytes -= read.bytes;
      this.#taken = read.through;
      this.#shippedThrough(read.through);
      return this.take(maxBytes);
    }
    const batch = read?.batch ?? this.#memory.batchFrom(first, maxBytes);
    if (batch !== null) {
      this.#taken = lastOf(batch);
    }
    return batch;
  }

  /** Tells that a batch is on the bus or in a file of rejected calls: its frames are let go. */
  markShipped(batch: FrameBatch): void {
    this.#unshippedBytes -= batch.payloads.reduce((sum, payload) => sum + frameBytes(payload), 0);
    this.#shippedThrough(lastOf(batch));
  }

  /** Takes no further frame: the files belong to another gateway now, and what was written to them would be lost. */
  giveUp(): void {
    this.#closedBecause ??= "another gateway has taken over its files";
    this.#isOurs = false;
  }

  /** Writes what is left in memory, closes the files, and removes them when everything in them is shipped. */
  async close(): Promise<void> {
    this.#closedBecause ??= "the gateway has stopped";
    this.#stopping.abort();
    await this.#retrying;
    if (this.#isOurs) {
      this.#drainMemory(Number.POSITIVE_INFINITY);
    }
    if (this.#memory.count > 0) {
      const calls = this.#memory.count;
      this.#args.log.error({ calls }, "calls were lost: neither spool nor bus took them before the stop");
    }
    await this.#disk.close(this.#isOurs && this.#shipped === this.#last);
  }

  async #retryWrites(): Promise<void> {
    const { clock, config } = this.#args;
    const { signal } = this.#stopping;
    for (let failures = 1; this.#memory.count > 0 && !signal.aborted; ) {
      await clock.sleep(growingPauseMs(failures, config.maxRetryMs), signal);
      failures += 1;
      while (!signal.aborted && this.#drainMemory(framesPerTurn) && this.#memory.count > 0) {
        await nextTurn();
      }
    }
    this.#retrying = null;
  }

  /** Writes up to `maxFrames` from memory to disk; false when the disk refused. */
  #drainMemory(maxFrames: number): boolean {
    for (let count = 0; count < maxFrames; count += 1) {
      const { oldest } = this.#memory;
      if (oldest === null) {
        return true;
      }
      if (!this.#disk.write(oldest.sequence, oldest.payload)) {
        return false;
      }
      this.#memory.dropThrough(oldest.sequence);
      this.#args.onLoad();
    }
    return true;
  }

  #shippedThrough(sequence: number): void {
    this.#shipped = sequence;
    this.#memory.dropThrough(sequence);
    this.#disk.removeShipped(sequence);
    this.#args.meter.set("spoolUnshipped", this.#last - this.#shipped);
    this.#args.onLoad();
  }
}
