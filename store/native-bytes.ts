/** Strings up to this many characters are written by a loop: a call into the platform costs more than they do. */
const shortText = 64;

/** Bytes of the Native format, little-endian, in one buffer that grows as they are written. */
export class NativeBytes {
  #bytes: Buffer;
  #view: DataView;
  #at = 0;

  /** `capacity` is how many bytes are expected. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What has been written so far; it shares its memory with what is written next. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Writes the lowest byte of a number. */
  uint8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** Writes the two lowest bytes of a whole number, which may be negative. */
  uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  /** Writes the four lowest bytes of a whole number, which may be negative. */
  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  /** Writes a whole number of 64 bits, in two's complement; a number must be safe. */
  int64(value: number | bigint): void {
    this.#reserve(8);
    if (typeof value === "bigint") {
      this.#view.setBigInt64(this.#at, value, true);
    } else {
      this.#view.setUint32(this.#at, value, true);
      this.#view.setUint32(this.#at + 4, Math.floor(value / 2 ** 32), true);
    }
    this.#at += 8;
  }

  /** Writes a number of 64 bits. */
  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Writes a whole number of 0 or more, seven bits a byte. */
  varint(value: number): void {
    this.#reserve(8);
    let left = value;
    while (left > 127) {
      this.#bytes[this.#at] = (left % 128) + 128;
      this.#at += 1;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#at] = left;
    this.#at += 1;
  }

  /** Writes a string in UTF-8 behind its length; a surrogate that stands alone becomes U+FFFD. */
  text(value: string): void {
    if (value.length > shortText || !this.#ascii(value)) {
      const bytes = Buffer.byteLength(value);
      this.varint(bytes);
      this.#reserve(bytes);
      this.#bytes.write(value, this.#at, bytes, "utf8");
      this.#at += bytes;
    }
  }

  /** Writes a short string behind its length; writes nothing and returns false when it has a character beyond 7 bits. */
  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    const start = this.#at + 1;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 127) {
        return false;
      }
      bytes[start + index] = code;
    }
    bytes[start - 1] = length;
    this.#at = start + length;
    return true;
  }

  #reserve(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) {
      return;
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
