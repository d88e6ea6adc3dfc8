import { frameBytes } from "./frame.ts";
import type { FrameBatch } from "./frame-batch.ts";

interface Kept {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Frames that could not be written to disk, in order of their sequences. */
export class FrameMemory {
  readonly #kept: Kept[] = [];
  #bytes = 0;

  /** Bytes that the frames would take on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#kept.length;
  }

  /** The oldest frame; null when there is none. */
  get oldest(): Kept | null {
    return this.#kept[0] ?? null;
  }

  add(sequence: number, payload: Uint8Array): void {
    this.#kept.push({ sequence, payload });
    this.#bytes += frameBytes(payload);
  }

  /** Lets go of the frames up to a sequence. */
  dropThrough(sequence: number): void {
    for (let oldest = this.oldest; oldest !== null && oldest.sequence <= sequence; oldest = this.oldest) {
      this.#bytes -= frameBytes(oldest.payload);
      this.#kept.shift();
    }
  }

  /** Frames from a sequence on, of about `maxBytes`, at least one; null when the frame with that sequence is not here. */
  batchFrom(sequence: number, maxBytes: number): FrameBatch | null {
    const start = sequence - (this.oldest?.sequence ?? sequence);
    const payloads: Uint8Array[] = [];
    let bytes = 0;
    for (let at = start; at >= 0 && bytes < maxBytes; at += 1) {
      const kept = this.#kept[at];
      if (kept === undefined) {
        break;
      }
      payloads.push(kept.payload);
      bytes += frameBytes(kept.payload);
    }
    return payloads.length === 0 ? null : { first: sequence, payloads };
  }
}
