import { closeSync, openSync, unlinkSync, writeSync } from "node:fs";
import type { Meter } from "../../../core/instruments.ts";
import type { Log } from "../../../core/log.ts";
import { frameHeaderBytes, writeTextFrame } from "../frame.ts";
import type { WriteAt } from "../segment-writer.ts";
import { begunPath } from "../spool-files.ts";
import type { BegunCall } from "./begun-call.ts";
import { encodeBegun } from "./begun-call.ts";

/** Where a call under way is noted; null where it could not be. */
export type BegunSlot = number | null;

/** Notes the calls under way, so that those of a killed gateway are known. */
export interface BegunCalls {
  /** Notes a call before it is sent, or its next attempt in the slot that it has. It never throws. */
  readonly begin: (call: BegunCall, slot: BegunSlot) => BegunSlot;
  /**
   * Forgets a call, once its record is kept or is known not to be kept: by writing over it what begins next, or at the end of the
   * turn, so that the caller's last bytes do not wait for it, or when it is settled. It never throws.
   */
  readonly end: (slot: BegunSlot) => void;
  /** Forgets the call that is still to be forgotten: to be called before each record, so that the last one alone may still stand. */
  readonly settle: () => void;
}

/** What a journal needs. */
export interface BegunJournalArgs {
  readonly dir: string;
  readonly gatewayId: string;
  readonly log: Log;
  readonly meter: Meter;
  readonly writeAt?: WriteAt | undefined;
}

/** Bytes of a slot: a page, so that a kill leaves the old bytes of a slot or the new ones, never some of both. */
export const slotBytes = 4_096;

const noFrame = Buffer.alloc(frameHeaderBytes);
const writeAtOffset: WriteAt = (fd, bytes, position) => writeSync(fd, bytes, 0, bytes.length, position);

/**
 * The calls under way, each in a slot of one file: noted before a call is sent and cleared after its record is in the spool, so
 * that whoever finds the file after a kill finds every call without a record, and at most one that has one.
 */
export class BegunJournal implements BegunCalls {
  readonly #args: BegunJournalArgs;
  readonly #path: string;
  readonly #writeAt: WriteAt;
  readonly #scratch = Buffer.allocUnsafeSlow(slotBytes);
  /** Slots that calls have left. The last one is taken first, so that the file stays as small as its calls are few. */
  readonly #free: number[] = [];
  #slots = 0;
  /** That of the call to be forgotten at the end of the turn. */
  #ended: BegunSlot = null;
  #isSettling = false;
  #fd: number | null = null;
  #isFailing = false;

  constructor(args: BegunJournalArgs) {
    this.#args = args;
    this.#path = begunPath(args.dir, args.gatewayId);
    this.#writeAt = args.writeAt ?? writeAtOffset;
  }

  /** Calls that are noted now. */
  get underWay(): number {
    return this.#slots - this.#free.length;
  }

  begin(call: BegunCall, slot: BegunSlot): BegunSlot {
    const json = encodeBegun(call, slotBytes - frameHeaderBytes);
    if (json === null) {
      this.#args.meter.add("spoolBegunDropped", 1, { reason: "too_long" });
      return slot;
    }
    const ended = slot === null ? this.#takeEnded() : null;
    const taken = slot ?? ended ?? this.#free.pop() ?? this.#slots++;
    if (!this.#write(this.#scratch.subarray(0, writeTextFrame(this.#scratch, json)), taken)) {
      this.#args.meter.add("spoolBegunDropped", 1, { reason: "unwritable" });
      if (ended !== null) this.#remove();
    }
    return taken;
  }

  end(slot: BegunSlot): void {
    this.settle();
    if (slot !== null) {
      this.#ended = slot;
      this.#settleSoon();
    }
  }

  settle(): void {
    const slot = this.#takeEnded();
    if (slot !== null) this.#clear(slot);
  }

  #settleSoon(): void {
    if (!this.#isSettling) {
      this.#isSettling = true;
      setImmediate(() => {
        this.#isSettling = false;
        this.settle();
      });
    }
  }

  #takeEnded(): BegunSlot {
    const slot = this.#ended;
    this.#ended = null;
    return slot;
  }

  #clear(slot: number): void {
    this.#free.push(slot);
    if (!this.#write(noFrame, slot)) {
      this.#remove();
    }
  }

  /** Closes the file, and removes it unless calls are left without a record, or it is another gateway's by now. */
  close(isOurs: boolean): void {
    this.settle();
    if (isOurs && this.underWay === 0) {
      this.#remove();
    } else {
      this.#close();
    }
  }

  #write(bytes: Buffer, slot: number): boolean {
    const { log } = this.#args;
    try {
      this.#fd ??= openSync(this.#path, "wx", 0o600);
      for (let written = 0; written < bytes.length; ) {
        const count = this.#writeAt(
          this.#fd,
          written === 0 ? bytes : bytes.subarray(written),
          slot * slotBytes + written,
        );
        if (count === 0) {
          throw new Error("the file takes no more bytes");
        }
        written += count;
      }
      if (this.#isFailing) {
        this.#isFailing = false;
        log.info({}, "calls under way are noted again");
      }
      return true;
    } catch (error) {
      if (!this.#isFailing) {
        this.#isFailing = true;
        log.warn(
          { err: error },
          "calls under way cannot be noted: a kill of the gateway would leave them without a record",
        );
      }
      return false;
    }
  }

  /** A call that has ended and still stands in the file would be recorded twice: rather no file than that. */
  #remove(): void {
    if (this.#fd === null) {
      return;
    }
    this.#close();
    try {
      unlinkSync(this.#path);
    } catch (error) {
      this.#args.log.error(
        { err: error, file: this.#path },
        "the file of the calls under way cannot be removed: remove it",
      );
    }
  }

  #close(): void {
    if (this.#fd !== null) {
      closeSync(this.#fd);
      this.#fd = null;
    }
  }
}
