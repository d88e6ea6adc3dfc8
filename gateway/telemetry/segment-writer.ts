import { closeSync, openSync } from "node:fs";
import { frameBytes, writeFrame } from "./frame.ts";
import { segmentPath } from "./spool-files.ts";

/** Writes bytes at an offset of an open file and returns how many it took, which may be fewer; throws as `fs.writeSync`. */
export type WriteAt = (fd: number, bytes: Buffer, position: number) => number;

/** What a spool file is and who writes it. */
export interface SegmentWriterArgs {
  readonly dir: string;
  readonly gatewayId: string;
  /** Sequence of the file's first frame. */
  readonly first: number;
  readonly writeAt: WriteAt;
  /** Where frames are put together; files that are not written at the same time may share it. */
  readonly scratch: Buffer;
}

/** Appends frames to a new spool file. Only whole frames count: what a failed write left behind is written over. */
export class SegmentWriter {
  readonly path: string;
  readonly first: number;
  readonly #writeAt: WriteAt;
  readonly #fd: number;
  readonly #scratch: Buffer;
  #next: number;
  #bytes = 0;
  #isOpen = true;

  constructor(args: SegmentWriterArgs) {
    this.path = segmentPath(args.dir, args.gatewayId, args.first);
    this.first = args.first;
    this.#next = args.first;
    this.#writeAt = args.writeAt;
    this.#scratch = args.scratch;
    this.#fd = openSync(this.path, "wx", 0o600);
  }

  /** Sequence that the next frame of this file has. */
  get next(): number {
    return this.#next;
  }

  /** Bytes of whole frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes one frame; when it throws, the file counts as unchanged. */
  append(payload: Uint8Array): void {
    const length = frameBytes(payload);
    const buffer = length > this.#scratch.length ? Buffer.allocUnsafe(length) : this.#scratch;
    writeFrame(buffer, payload);
    let written = 0;
    while (written < length) {
      const count = this.#writeAt(this.#fd, buffer.subarray(written, length), this.#bytes + written);
      if (count === 0) {
        throw new Error("the file takes no more bytes");
      }
      written += count;
    }
    this.#bytes += length;
    this.#next += 1;
  }

  /** Closes the file; closing again does nothing. */
  close(): void {
    if (this.#isOpen) {
      this.#isOpen = false;
      closeSync(this.#fd);
    }
  }
}
