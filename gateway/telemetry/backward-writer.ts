const firstBytes = 16_384;
/** Buffers that one long text made grow are not kept. */
const keptBytes = 1_048_576;
/** Shorter texts are written character by character: a call into the runtime costs more. */
const shortText = 48;

/** Numbers that fit into 32 bits. */
const word = 2 ** 32;

const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;
const fixed32Type = 5;

/**
 * Writes protobuf from the end to the beginning, so that the length of a message is known when it is written and nothing is
 * moved or measured twice. Fields therefore come in reverse order, the value of each before its tag.
 */
export class BackwardWriter {
  #buffer = Buffer.allocUnsafe(firstBytes);
  #at = firstBytes;

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#at;
  }

  /** The bytes written, as they stand in the writer: they are good until it begins anew. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(this.#at);
  }

  /** Begins anew. */
  clear(): void {
    if (this.#buffer.length > keptBytes) {
      this.#buffer = Buffer.allocUnsafe(firstBytes);
    }
    this.#at = this.#buffer.length;
  }

  /** A copy of the bytes written since `length` was so many. */
  since(length: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#buffer, this.#at, this.#buffer.length - length);
  }

  /** Ends a message that began when `length` was `since`. */
  message(tag: number, since: number): void {
    this.varint(this.length - since);
    this.#tag(tag, lengthType);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
  }

  textField(tag: number, text: string): void {
    const before = this.length;
    this.#text(text);
    this.message(tag, before);
  }

  /** Bytes given as hex, of an even number of characters. */
  hexField(tag: number, hex: string): void {
    this.#reserve(hex.length / 2);
    this.#buffer.write(hex, this.#at, "hex");
    this.varint(hex.length / 2);
    this.#tag(tag, lengthType);
  }

  /** A whole number of 64 bits; a negative one takes ten bytes. */
  integerField(tag: number, value: number): void {
    if (value < 0 || value > Number.MAX_SAFE_INTEGER) {
      this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
    } else {
      this.varint(value);
    }
    this.#tag(tag, varintType);
  }

  doubleField(tag: number, value: number): void {
    this.#reserve(8);
    this.#buffer.writeDoubleLE(value, this.#at);
    this.#tag(tag, fixed64Type);
  }

  /** Nanoseconds since the Unix epoch in 64 bits, given as whole seconds and nanoseconds: in halves, for a big integer is an object. */
  nanosField(tag: number, seconds: number, nanos: number): void {
    // Thousand millions of seconds times the upper and the lower half of their number, each exact in a double.
    const upper = Math.floor(seconds / 65_536) * 1e9;
    const lower = (seconds % 65_536) * 1e9 + nanos + (upper % 65_536) * 65_536;
    this.#reserve(8);
    this.#buffer.writeUInt32LE(lower % word, this.#at);
    this.#buffer.writeUInt32LE(Math.floor(upper / 65_536) + Math.floor(lower / word), this.#at + 4);
    this.#tag(tag, fixed64Type);
  }

  fixed32Field(tag: number, value: number): void {
    this.#reserve(4);
    this.#buffer.writeUInt32LE(value, this.#at);
    this.#tag(tag, fixed32Type);
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    if (value < 128) {
      this.#reserve(1);
      this.#buffer[this.#at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) {
      size += 1;
    }
    this.#reserve(size);
    let [at, rest] = [this.#at, value];
    for (; rest >= 128; at += 1) {
      this.#buffer[at] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[at] = rest;
  }

  #bigVarint(value: bigint): void {
    const bytes: number[] = [];
    for (let rest = value; rest > 0n; rest >>= 7n) {
      bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    }
    this.raw(Uint8Array.from(bytes));
  }

  #tag(tag: number, type: number): void {
    this.varint(tag * 8 + type);
  }

  #text(text: string): void {
    if (text.length <= shortText && this.#ascii(text)) {
      return;
    }
    const bytes = Buffer.byteLength(text);
    this.#reserve(bytes);
    this.#buffer.write(text, this.#at, "utf8");
  }

  /** Writes a text of ASCII characters; false, with nothing written, when it has others. */
  #ascii(text: string): boolean {
    this.#reserve(text.length);
    const [buffer, at] = [this.#buffer, this.#at];
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        this.#at += text.length;
        return false;
      }
      buffer[at + index] = code;
    }
    return true;
  }

  /** Makes room for more bytes in front of what is written, and moves there. */
  #reserve(bytes: number): void {
    if (bytes > this.#at) {
      const written = this.length;
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, written + bytes));
      this.#buffer.copy(grown, grown.length - written, this.#at);
      this.#at = grown.length - written;
      this.#buffer = grown;
    }
    this.#at -= bytes;
  }
}
