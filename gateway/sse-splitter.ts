/** A piece of an event stream, cut at the end of an event. */
export interface SsePiece {
  readonly bytes: Buffer;
  /** False for parts of an event that is larger than the limit; they can only be passed on. */
  readonly isWhole: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const twoLineFeeds = Buffer.from("\n\n");
const noBytes = Buffer.alloc(0);

const inLine = 0;
const atLineStart = 1;
const afterReturn = 2;
/** A line feed may still belong to the return, so an event whose blank line ends in one is only over with the next byte. */
const afterBlankReturn = 3;
const isOver = 4;

/** What follows each state upon any other byte, a line feed, and a return. */
const steps = [
  ...[inLine, atLineStart, afterReturn],
  ...[inLine, isOver, afterBlankReturn],
  ...[inLine, atLineStart, afterBlankReturn],
];

const classOf = (byte: number | undefined): number => {
  if (byte === lineFeed) {
    return 1;
  }
  return byte === carriageReturn ? 2 : 0;
};

/**
 * Cuts a byte stream into events, wherever its chunks happen to end. The pieces put together are the bytes that came in,
 * and how they are cut depends on the bytes alone. It holds at most one event, and of that at most `limitBytes`.
 */
export class SseSplitter {
  readonly #limitBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #state: number = atLineStart;
  #isOversize = false;
  #chunk: Buffer = noBytes;
  #at = 0;
  #hasReturns = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Whether a part of an oversize event has been handed out without its end. */
  get isMidEvent(): boolean {
    return this.#isOversize;
  }

  /** The pieces that this chunk completes. */
  push(chunk: Buffer): readonly SsePiece[] {
    const pieces: SsePiece[] = [];
    this.begin(chunk);
    for (let piece = this.next(); piece !== null; piece = this.next()) {
      pieces.push(piece);
    }
    return pieces;
  }

  /** Takes in a chunk, whose pieces are then asked for one after the other, to the last. */
  begin(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
    // Few providers send returns: without one the platform's own search finds the ends, several times as fast.
    this.#hasReturns = chunk.includes(carriageReturn);
  }

  /** The next piece that the chunk completes; null when it completes none any more. */
  next(): SsePiece | null {
    const [chunk, start] = [this.#chunk, this.#at];
    if (start >= chunk.length) {
      this.#chunk = noBytes;
      return null;
    }
    const end = this.#findEnd(chunk, start, this.#hasReturns);
    this.#at = end === -1 ? chunk.length : end;
    return end === -1 ? this.#hold(chunk.subarray(start)) : this.#take(chunk.subarray(start, end));
  }

  /** Where the next event begins in the chunk; -1 when it began before, or nothing follows. */
  get eventStart(): number {
    const isAtStart = this.#state === atLineStart && this.#heldBytes === 0 && !this.#isOversize;
    return isAtStart && this.#at < this.#chunk.length ? this.#at : -1;
  }

  /** Passes over whole events that were read elsewhere, from the start of one to before `end`. */
  skipTo(end: number): void {
    this.#at = end;
  }

  /** What is left when the stream ends: an event without its blank line, or the rest of an oversize one; null when nothing is. */
  flush(): SsePiece | null {
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes.length === 0 ? null : { bytes, isWhole: !this.#isOversize };
  }

  /** Offset after the blank line that ends the event, or -1. */
  #findEnd(chunk: Buffer, from: number, hasReturns: boolean): number {
    const isPlain = !hasReturns && (this.#state === inLine || this.#state === atLineStart);
    return isPlain ? this.#findLineFeeds(chunk, from) : this.#findAnyEnd(chunk, from);
  }

  /** The same for a chunk without returns, whose lines end in line feeds alone. */
  #findLineFeeds(chunk: Buffer, from: number): number {
    if (from >= chunk.length) {
      return -1;
    }
    const isBlank = this.#state === atLineStart && chunk[from] === lineFeed;
    const at = isBlank ? from - 1 : chunk.indexOf(twoLineFeeds, from);
    const isFound = isBlank || at !== -1;
    this.#state = isFound || chunk[chunk.length - 1] === lineFeed ? atLineStart : inLine;
    return isFound ? at + twoLineFeeds.length : -1;
  }

  #findAnyEnd(chunk: Buffer, from: number): number {
    let state = this.#state;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (state === afterBlankReturn) {
        this.#state = atLineStart;
        return byte === lineFeed ? at + 1 : at;
      }
      state = steps[state * 3 + classOf(byte)] ?? inLine;
      if (state === isOver) {
        this.#state = atLineStart;
        return at + 1;
      }
    }
    this.#state = state;
    return -1;
  }

  #take(tail: Buffer): SsePiece {
    const bytes = this.#held.length === 0 ? tail : Buffer.concat([...this.#held, tail]);
    // An event above the limit may have its end in the chunk that takes it there.
    const isWhole = !this.#isOversize && bytes.length <= this.#limitBytes;
    this.#held = [];
    this.#heldBytes = 0;
    this.#isOversize = false;
    return { bytes, isWhole };
  }

  /** Keeps the beginning of an event; of one that is too large, hands it out. */
  #hold(rest: Buffer): SsePiece | null {
    this.#held.push(rest);
    this.#heldBytes += rest.length;
    if (!this.#isOversize && this.#heldBytes <= this.#limitBytes) {
      return null;
    }
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    this.#isOversize = true;
    return { bytes, isWhole: false };
  }
}
