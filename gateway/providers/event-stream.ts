import { crc32 } from "node:zlib";

/** One message of Amazon's event stream. */
export interface EventStreamMessage {
  /** Headers whose values are texts; others are passed over. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** The messages of a chunk, or that the bytes are no such stream. */
export type EventStreamResult =
  | { readonly ok: true; readonly messages: readonly EventStreamMessage[] }
  | { readonly ok: false };

/** Two lengths and a checksum of them stand before each message, and a checksum of all of it at its end. */
const preludeBytes = 12;
const checksumBytes = 4;

/** Amazon's own limit of a message is 16 MiB. */
const maxMessageBytes = 16 * 1_048_576;

/** Reads Amazon's binary event stream, wherever its chunks happen to end. It holds at most one message. */
export class EventStreamReader {
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes of the message that is held in part; null until its length has come. */
  #total: number | null = null;

  /** Whether the stream has ended within a message. */
  get isMidMessage(): boolean {
    return this.#heldBytes > 0;
  }

  /** The messages that this chunk completes. */
  push(chunk: Buffer): EventStreamResult {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    const messages: EventStreamMessage[] = [];
    for (;;) {
      this.#total ??= this.#nextLength();
      const total = this.#total;
      if (total === null || total > this.#heldBytes) {
        return { ok: true, messages };
      }
      this.#total = null;
      const message = total === -1 ? null : readMessage(this.#take(total));
      if (message === null) {
        return { ok: false };
      }
      messages.push(message);
    }
  }

  /** Bytes of the next message; null when not yet known, and -1 when it can be none. */
  #nextLength(): number | null {
    if (this.#heldBytes < preludeBytes) {
      return null;
    }
    const bytes = this.#whole();
    const total = bytes.readUInt32BE(0);
    const isSound = bytes.readUInt32BE(8) === crc32(bytes.subarray(0, 8));
    const isPossible = total >= preludeBytes + checksumBytes && total <= maxMessageBytes;
    return isSound && isPossible ? total : -1;
  }

  #take(length: number): Buffer {
    const bytes = this.#whole();
    const rest = bytes.subarray(length);
    this.#held = rest.length === 0 ? [] : [rest];
    this.#heldBytes = rest.length;
    return bytes.subarray(0, length);
  }

  #whole(): Buffer {
    const [first] = this.#held;
    const bytes = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    this.#held = [bytes];
    return bytes;
  }
}

const readMessage = (bytes: Buffer): EventStreamMessage | null => {
  const end = bytes.length - checksumBytes;
  const headersEnd = preludeBytes + bytes.readUInt32BE(4);
  if (headersEnd > end || bytes.readUInt32BE(end) !== crc32(bytes.subarray(0, end))) {
    return null;
  }
  const headers = readHeaders(bytes.subarray(preludeBytes, headersEnd));
  return headers === null ? null : { headers, payload: bytes.subarray(headersEnd, end) };
};

const textType = 7;

/** Bytes of the values of each type; types 6 and 7 say their own length. */
const valueBytes: ReadonlyMap<number, number> = new Map([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [8, 8],
  [9, 16],
]);

const readHeaders = (bytes: Buffer): ReadonlyMap<string, string> | null => {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const valueStart = nameEnd + 1;
    const type = bytes[nameEnd];
    const fixed = type === undefined ? undefined : valueBytes.get(type);
    const start = fixed === undefined ? valueStart + 2 : valueStart;
    const isLengthThere = fixed !== undefined || start <= bytes.length;
    const length = isLengthThere ? (fixed ?? bytes.readUInt16BE(valueStart)) : Number.POSITIVE_INFINITY;
    if (start + length > bytes.length) {
      return null;
    }
    if (type === textType) {
      headers.set(bytes.toString("utf8", at + 1, nameEnd), bytes.toString("utf8", start, start + length));
    }
    at = start + length;
  }
  return headers;
};
