import { renameSync, unlinkSync, writeSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { messageOf } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { FrameBatch } from "./frame-batch.ts";
import { batchAfter } from "./frame-batch.ts";
import { SegmentReader } from "./segment-reader.ts";
import type { WriteAt } from "./segment-writer.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** What the files of a spool need. */
export interface SpoolDiskArgs {
  readonly dir: string;
  readonly gatewayId: string;
  readonly segmentBytes: number;
  readonly log: Log;
  readonly meter: Meter;
  readonly writeAt?: WriteAt | undefined;
}

/** What a read found: frames, or that the rest of a file is damaged. */
export type DiskRead =
  | { readonly kind: "frames"; readonly batch: FrameBatch }
  | { readonly kind: "lost"; readonly through: number; readonly bytes: number };

interface Reading {
  readonly segment: SegmentWriter;
  readonly reader: SegmentReader;
  /** Sequence of the frame that the next read begins with. */
  next: number;
}

/** Frames of ordinary calls fit; a longer one gets a buffer of its own. */
const scratchBytes = 65_536;
const writeAtOffset: WriteAt = (fd, bytes, position) => writeSync(fd, bytes, 0, bytes.length, position);

/** The files of a living gateway's spool: it writes the last one, reads them in order, and removes those that are shipped. */
export class SpoolDisk {
  readonly #args: SpoolDiskArgs;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  readonly #segments: SegmentWriter[] = [];
  readonly #pending = new Set<Promise<void>>();
  #reading: Reading | null = null;
  #isFailing = false;

  constructor(args: SpoolDiskArgs) {
    this.#args = args;
  }

  /** Writes the frame that follows those written before, or that begins a new file; false when the disk refuses. */
  write(sequence: number, payload: Uint8Array): boolean {
    const { log, meter } = this.#args;
    try {
      this.#segmentFor(sequence).append(payload);
      if (this.#isFailing) {
        this.#isFailing = false;
        log.info({}, "the spool is written again");
      }
      return true;
    } catch (error) {
      meter.add("spoolErrors", 1, { code: "spool.unwritable" });
      if (!this.#isFailing) {
        this.#isFailing = true;
        log.error({ err: error }, "the spool cannot be written: calls wait in memory");
      }
      return false;
    }
  }

  /** Reads frames from a sequence on, of about `maxBytes`, at least one; null when no file has it. Calls must not overlap. */
  async read(first: number, maxBytes: number): Promise<DiskRead | null> {
    const segment = this.#segments.find((each) => each.first <= first && first < each.next);
    if (segment === undefined) {
      return null;
    }
    const reading = this.#readingOf(segment);
    const read = await reading.reader.read(segment.bytes, maxBytes);
    if (read.verdict !== "ok") {
      return this.#lose(segment, { calls: segment.next - first, bytes: read.badBytes });
    }
    const batch = batchAfter({ first: reading.next, payloads: read.payloads }, first - 1);
    reading.next += read.payloads.length;
    return batch === null ? this.read(first, maxBytes) : { kind: "frames", batch };
  }

  /** Removes the files in which every frame is shipped, but for the last, which is being written. */
  removeShipped(through: number): void {
    while (this.#segments.length > 1) {
      const [oldest] = this.#segments;
      if (oldest === undefined || oldest.next - 1 > through) {
        return;
      }
      this.#segments.shift();
      this.#settle(unlink(oldest.path));
    }
  }

  /** Closes the files, and removes them when everything is shipped. */
  async close(isShipped: boolean): Promise<void> {
    this.#dropReading();
    for (const segment of this.#segments) {
      segment.close();
      if (isShipped) {
        unlinkSync(segment.path);
      }
    }
    await Promise.all(this.#pending);
  }

  /** A file holds frames without a gap: after frames that were shipped from memory the next one begins a new file. */
  #segmentFor(sequence: number): SegmentWriter {
    const { dir, gatewayId, segmentBytes, writeAt = writeAtOffset } = this.#args;
    const active = this.#segments.at(-1);
    if (active !== undefined && active.next === sequence && active.bytes < segmentBytes) {
      return active;
    }
    const segment = new SegmentWriter({ dir, gatewayId, first: sequence, scratch: this.#scratch, writeAt });
    active?.close();
    this.#segments.push(segment);
    return segment;
  }

  /** A file can begin with frames that were taken from memory before they were written to it. */
  #readingOf(segment: SegmentWriter): Reading {
    if (this.#reading?.segment !== segment) {
      this.#dropReading();
      this.#reading = { segment, reader: new SegmentReader(segment.path), next: segment.first };
    }
    return this.#reading;
  }

  /** What is damaged cannot be shipped: the file is kept for the operator, and the loss is told. */
  #lose(segment: SegmentWriter, lost: { readonly calls: number; readonly bytes: number }): DiskRead {
    const { log, meter } = this.#args;
    const file = `${segment.path}.corrupt`;
    meter.add("spoolErrors", 1, { code: "spool.corrupt" });
    log.error({ file, ...lost }, "a spool file is damaged: calls in it were not shipped");
    segment.close();
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    try {
      renameSync(segment.path, file);
    } catch (error) {
      log.error({ err: error, file: segment.path }, "a damaged spool file could not be renamed");
    }
    return { kind: "lost", through: segment.next - 1, bytes: lost.bytes };
  }

  #dropReading(): void {
    const reader = this.#reading?.reader;
    this.#reading = null;
    if (reader !== undefined) {
      this.#settle(reader.close());
    }
  }

  #settle(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => this.#args.log.warn({ reason: messageOf(error) }, "a spool file could not be removed"))
      .then(() => {
        this.#pending.delete(settled);
      });
    this.#pending.add(settled);
  }
}
