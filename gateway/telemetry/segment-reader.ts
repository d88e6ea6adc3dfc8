import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import type { ParsedFrames } from "./frame.ts";
import { holdsFrame, parseFrames } from "./frame.ts";

/** What one read found. */
export interface SegmentRead {
  readonly payloads: readonly Buffer[];
  /**
   * `ok`: read on; `end`: nothing is left before `end`; `torn`: the file ends in a frame that was not written whole;
   * `corrupt`: what is here is damaged, and frames follow or may follow.
   */
  readonly verdict: "ok" | "end" | "torn" | "corrupt";
  /** Bytes between the last whole frame and the end of the file; 0 unless torn or corrupt. */
  readonly badBytes: number;
}

/** A frame can be this long, whatever this gateway's limits are: another wrote it. */
const leastLongestFrame = 1_048_576;

/** Reads the frames of one spool file in order. It holds the file open until `close`. */
export class SegmentReader {
  readonly #path: string;
  #file: FileHandle | null = null;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads frames of about `maxBytes` (at least one) from before offset `end`. */
  async read(end: number, maxBytes: number): Promise<SegmentRead> {
    const left = end - this.#offset;
    if (left <= 0) {
      return { payloads: [], verdict: "end", badBytes: 0 };
    }
    const wanted = Math.min(left, maxBytes);
    const bytes = await this.#bytes(wanted);
    const found = parseFrames(bytes);
    if (found.payloads.length > 0) {
      this.#offset += found.bytesRead;
      return { payloads: found.payloads, verdict: "ok", badBytes: 0 };
    }
    const isCut = found.end === "partial" && found.nextFrameBytes > bytes.length && found.nextFrameBytes <= left;
    if (isCut && bytes.length === wanted) {
      return this.read(end, found.nextFrameBytes);
    }
    const isTorn = await this.#isTorn(found, left, maxBytes);
    return { payloads: [], verdict: isTorn ? "torn" : "corrupt", badBytes: left };
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  /**
   * Whether what is left is one frame that was not written whole. A damaged length looks the same, but then what is left can
   * be longer than a frame, or hold another one. After a power cut a file can also end in zeros: its length was saved and its
   * bytes were not.
   */
  async #isTorn({ end, nextFrameBytes }: ParsedFrames, left: number, maxBytes: number): Promise<boolean> {
    const rest = await this.#bytes(left);
    if (rest.every((byte) => byte === 0)) {
      return true;
    }
    const isOneFrame = (end === "partial" || nextFrameBytes >= left) && left <= Math.max(maxBytes, leastLongestFrame);
    return isOneFrame && !holdsFrame(rest.subarray(1));
  }

  async #bytes(length: number): Promise<Buffer> {
    this.#file ??= await open(this.#path, "r");
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#file.read(buffer, filled, length - filled, this.#offset + filled);
      if (bytesRead === 0) {
        break;
      }
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}
