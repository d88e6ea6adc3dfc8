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
   * Forgets a call that has a record: by writing over it what begins next, or when it is settled. It must be called for every record,
   * with null for one whose call has no note. It never throws.
   */
  readonly end: (slot: BegunSlot) => void;
  /** Forgets a call that gets no record, at once. It never throws. */
  readonly drop: (slot: BegunSlot) => void;
  /** Forgets the calls that are still to be forgotten: to be called before their records may leave the spool. */
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

/** Of so many last records in the spool the calls may still be noted as under way. */
export const unsettledRecords = 64;

const noFrame = Buffer.alloc(frameHeaderBytes);
const writeAtOffset: WriteAt = (fd, bytes, position) => writeSync(fd, bytes, 0, bytes.length, position);

/**
 * The calls under way, each in a slot of one file: noted before a call is sent, and written over or cleared after its record is
 * in the spool, so that whoever finds the file after a kill finds every call without a record, and a few whose records are the
 * last ones.
 */
export class BegunJournal implements BegunCalls {
  readonly #args: BegunJournalArgs;
  readonly #path: string;
  readonly #writeAt: WriteAt;
  readonly #scratch = Buffer.allocUnsafeSlow(slotBytes);
  /** Slots that calls have left. The last one is taken first, so that the file stays as small as its calls are few. */
  readonly #free: number[] = [];
  #slots = 0;
  /** Slots of calls that are to be forgotten, in the order of their records. */
  readonly #ended: number[] = [];
  /** Records since the first that came when no slot was to be forgotten: at least as many as since the first of them. */
  #unsettled = 0;
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
    const ended = slot === null ? (this.#ended.shift() ?? null) : null;
    const taken = slot ?? ended ?? this.#free.pop() ?? this.#slots++;
    if (!this.#write(this.#scratch.subarray(0, writeTextFrame(this.#scratch, json)), taken)) {
      this.#args.meter.add("spoolBegunDropped", 1, { reason: "unwritable" });
      if (ended !== null) this.#remove();
    }
    return taken;
  }

  end(slot: BegunSlot): void {
    if (this.#ended.length === 0) {
      this.#unsettled = 0;
    }
    if (slot !== null) {
      this.#ended.push(slot);
    }
    this.#unsettled += 1;
    if (this.#unsettled >= unsettledRecords) {
      this.settle();
    }
  }

  drop(slot: BegunSlot): void {
    if (slot !== null) this.#clear(slot);
  }

  settle(): void {
    for (const slot of this.#ended) this.#clear(slot);
    this.#ended.length = 0;
    this.#unsettled = 0;
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
