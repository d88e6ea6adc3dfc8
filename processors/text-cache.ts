/** Longest text that is kept, in bytes; longer ones are seldom the same twice. */
const longest = 48;
const slots = 2_048;

interface Entry {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Texts by their bytes. Spans of one record repeat the same names and values hundreds of times, and comparing bytes costs a
 * third of decoding them. It keeps one text a slot, so its size is bounded whatever comes.
 */
export class TextCache {
  readonly #entries: (Entry | undefined)[] = new Array<Entry | undefined>(slots);

  /** The text of the UTF-8 bytes from `start` to `end`. */
  read(buffer: Buffer, start: number, end: number): string {
    if (end - start > longest) {
      return buffer.toString("utf8", start, end);
    }
    const slot = slotOf(buffer, start, end);
    const entry = this.#entries[slot];
    if (entry !== undefined && isSame(entry.bytes, { buffer, start, end })) {
      return entry.text;
    }
    const text = buffer.toString("utf8", start, end);
    this.#entries[slot] = { bytes: buffer.subarray(start, end), text };
    return text;
  }
}

/** FNV-1a over the bytes, folded to a slot. */
const slotOf = (buffer: Buffer, start: number, end: number): number => {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ (buffer[index] ?? 0), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & (slots - 1);
};

const isSame = (
  bytes: Uint8Array,
  range: { readonly buffer: Buffer; readonly start: number; readonly end: number },
): boolean => {
  const length = range.end - range.start;
  if (bytes.length !== length) {
    return false;
  }
  for (let index = 0; index < length; index += 1) {
    if (bytes[index] !== range.buffer[range.start + index]) {
      return false;
    }
  }
  return true;
};
