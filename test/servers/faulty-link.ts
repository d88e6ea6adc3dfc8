import { Transform } from "node:stream";
import { systemClock } from "../../core/clock.ts";
import { createFrameEnds } from "./frame-ends.ts";

/** How much still passes before everything is lost: bytes, or whole frames as Kafka's protocol has them. */
export type LossLimit = { readonly bytes: number } | { readonly frames: number };

/** One direction of a connection. */
export interface FaultyLink {
  readonly stream: Transform;
  /** Holds each chunk back for so many milliseconds, one after the other; 0 lets those held go on at once. */
  readonly delay: (ms: number) => void;
  /** Lets so much pass, counted from now, and drops the rest without closing; null drops nothing more. */
  readonly lose: (limit: LossLimit | null) => void;
  /** Whether everything that comes from now on is dropped. */
  readonly isDropping: () => boolean;
  /** Whether something was dropped, after which the stream makes no sense to its reader. */
  readonly hasLost: () => boolean;
}

/** Makes a direction without faults; `onLoss` hears how many bytes each drop took. */
export const createFaultyLink = (onLoss: (bytes: number) => void): FaultyLink => {
  const frameEnds = createFrameEnds();
  let delayMs = 0;
  let wake = new AbortController();
  let limit: LossLimit | null = null;
  let hasLost = false;
  const isDropping = (): boolean => limit !== null && Object.values(limit).every((left) => left === 0);
  const pass = (chunk: Buffer): Buffer => {
    const ends = frameEnds(chunk);
    if (limit === null) return chunk;
    const kept = keptBytes(limit, chunk.length, ends);
    limit = "bytes" in limit ? { bytes: limit.bytes - kept } : { frames: Math.max(0, limit.frames - ends.length) };
    if (kept < chunk.length) {
      hasLost = true;
      onLoss(chunk.length - kept);
    }
    return chunk.subarray(0, kept);
  };
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const forward = (): void => done(null, pass(chunk));
      if (delayMs > 0) void systemClock.sleep(delayMs, wake.signal).then(forward);
      else forward();
    },
    flush: (done) => {
      // The end is lost with the rest: the reader is to go on waiting.
      if (isDropping()) hasLost = true;
      else done();
    },
  });
  return {
    stream,
    delay: (ms) => {
      delayMs = ms;
      wake.abort();
      wake = new AbortController();
    },
    lose: (next) => {
      limit = next;
    },
    isDropping,
    hasLost: () => hasLost,
  };
};

/** How many bytes of a chunk pass. A frame that was under way when the limit was set counts as the first one. */
const keptBytes = (limit: LossLimit, length: number, ends: readonly number[]): number => {
  if ("bytes" in limit) return Math.min(length, limit.bytes);
  if (limit.frames === 0) return 0;
  return limit.frames > ends.length ? length : (ends[limit.frames - 1] ?? length);
};
