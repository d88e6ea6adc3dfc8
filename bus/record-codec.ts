import type { BusMessage, BusRecord } from "./bus.ts";

/** What of a message is stored with its record. */
export type RecordContent = Pick<BusMessage, "key" | "value" | "headers">;

const noKey = 0xffff_ffff;
const fixedBytes = 16;
const keyLengthAt = 8;
const headerCountAt = 12;

/** Bytes of a record as it is stored: its value, key, headers and their lengths. */
export const encodedLength = (content: RecordContent): number => {
  let length = fixedBytes + content.value.byteLength + (content.key === null ? 0 : Buffer.byteLength(content.key));
  for (const [name, value] of Object.entries(content.headers ?? {})) {
    length += 8 + Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  return length;
};

/**
 * Lays a record out: time appended (64-bit float), length of the key (all ones for null), number of headers, the key, each
 * header as length, name, length, text, and then the value to the end. Numbers are big-endian; text is UTF-8.
 */
export const encodeRecord = (content: RecordContent, appendedAtMs: number): Uint8Array => {
  const bytes = Buffer.allocUnsafeSlow(encodedLength(content));
  const headers = Object.entries(content.headers ?? {});
  bytes.writeDoubleBE(appendedAtMs, 0);
  bytes.writeUInt32BE(content.key === null ? noKey : Buffer.byteLength(content.key), keyLengthAt);
  bytes.writeUInt32BE(headers.length, headerCountAt);
  let at = fixedBytes;
  if (content.key !== null) at += bytes.write(content.key, at);
  for (const text of headers.flat()) {
    const length = bytes.write(text, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  bytes.set(content.value, at);
  return bytes;
};

/** Reads a record back; its value is a view of `bytes`. */
export const decodeRecord = (offset: number, bytes: Uint8Array): BusRecord => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keyLength = buffer.readUInt32BE(keyLengthAt);
  let at = fixedBytes;
  const take = (length: number): string => {
    at += length;
    return buffer.toString("utf8", at - length, at);
  };
  const takeText = (): string => {
    const length = buffer.readUInt32BE(at);
    at += 4;
    return take(length);
  };
  const key = keyLength === noKey ? null : take(keyLength);
  const headers = Object.fromEntries(
    Array.from({ length: buffer.readUInt32BE(headerCountAt) }, () => [takeText(), takeText()]),
  );
  const value = new Uint8Array(bytes.buffer, bytes.byteOffset + at, bytes.byteLength - at);
  return { offset, key, value, headers, appendedAtMs: appendedAtOf(bytes) };
};

/** When a stored record was appended, in milliseconds since the Unix epoch. */
export const appendedAtOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0);
