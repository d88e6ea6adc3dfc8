import { PlumblineError } from "../core/errors.ts";
import type { NativeType } from "./native-type.ts";
import { parseNativeType } from "./native-type.ts";

/** From this revision on a column says whether its values are serialized in a way of their own. */
const customSerializationRevision = 54_454;

/** "Is overflows: no, bucket: -1, end", the info in front of a block. */
const blockInfo = Uint8Array.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const notCustom = Uint8Array.from([0]);

/**
 * Native blocks as a client of a given protocol revision wants them. The embedded engine writes those of revision 0; Go's
 * client, and so Grafana, asks for a newer one, in which blocks and columns have a few bytes more in front of them. To find
 * where a column ends its values have to be stepped over, by type.
 */
export const nativeBlocksOf = (bytes: Buffer, revision: number): Buffer => {
  if (revision === 0) {
    return bytes;
  }
  const cursor = new NativeCursor(bytes);
  const pieces: Uint8Array[] = [];
  while (!cursor.isAtEnd) {
    pieces.push(blockInfo);
    const start = cursor.at;
    const columns = cursor.varint();
    const rows = cursor.varint();
    pieces.push(bytes.subarray(start, cursor.at));
    for (let column = 0; column < columns; column += 1) {
      pieces.push(...columnPieces(cursor, { rows, revision }));
    }
  }
  return Buffer.concat(pieces);
};

const columnPieces = (
  cursor: NativeCursor,
  { rows, revision }: { readonly rows: number; readonly revision: number },
): readonly Uint8Array[] => {
  const start = cursor.at;
  cursor.text();
  const typeName = cursor.text();
  const dataStart = cursor.at;
  const type = parseNativeType(typeName);
  if (type === null) {
    throw new PlumblineError("store.rejected", `a column of type ${typeName} cannot be sent in Native: use toString()`);
  }
  if (rows > 0) {
    cursor.skipPrefix(type);
    cursor.skipValues(type, rows);
  }
  const head = cursor.bytes.subarray(start, dataStart);
  const data = cursor.bytes.subarray(dataStart, cursor.at);
  return revision >= customSerializationRevision ? [head, notCustom, data] : [head, data];
};

/** A place in Native bytes that moves on over what it is told is there. */
class NativeCursor {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes.readUInt8(this.at);
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
    }
  }

  text(): string {
    const length = this.varint();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  /** What a type writes before all of its values. */
  skipPrefix(type: NativeType): void {
    switch (type.kind) {
      case "fixed":
      case "string":
        return;
      case "dictionary":
        this.at += 8;
        return;
      case "nullable":
      case "array":
        this.skipPrefix(type.of);
        return;
      case "tuple":
        for (const element of type.of) {
          this.skipPrefix(element);
        }
    }
  }

  skipValues(type: NativeType, count: number): void {
    switch (type.kind) {
      case "fixed":
        this.at += type.bytes * count;
        return;
      case "string":
        for (let left = count; left > 0; left -= 1) {
          const length = this.varint();
          this.at += length;
        }
        return;
      case "nullable":
        this.at += count;
        this.skipValues(type.of, count);
        return;
      case "array":
        this.#skipArrays(type.of, count);
        return;
      case "tuple":
        for (const element of type.of) {
          this.skipValues(element, count);
        }
        return;
      case "dictionary":
        this.#skipDictionary(type.of, count);
    }
  }

  #skipArrays(type: NativeType, count: number): void {
    this.at += 8 * count;
    const total = count === 0 ? 0 : Number(this.bytes.readBigUInt64LE(this.at - 8));
    this.skipValues(type, total);
  }

  #skipDictionary(type: NativeType, count: number): void {
    for (let left = count; left > 0; ) {
      const flags = Number(this.#uint64());
      const hasKeys = (flags & 0x200) !== 0;
      if (hasKeys) {
        this.skipValues(type, Number(this.#uint64()));
      }
      const values = Number(this.#uint64());
      this.at += values * 2 ** (flags & 0xff);
      left -= values;
    }
  }

  #uint64(): bigint {
    this.at += 8;
    return this.bytes.readBigUInt64LE(this.at - 8);
  }
}
