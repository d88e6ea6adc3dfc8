import { crc32 } from "node:zlib";

/** Bytes before each payload: its length and its CRC-32, both unsigned 32-bit little-endian. */
export const frameHeaderBytes = 8;

/** Bytes that a payload takes in a spool file. */
export const frameBytes = (payload: Uint8Array): number => frameHeaderBytes + payload.byteLength;

/** Writes the frame of a payload to the start of `target`, which must be large enough, and returns its length in bytes. */
export const writeFrame = (target: Buffer, payload: Uint8Array): number => {
  target.writeUInt32LE(payload.byteLength, 0);
  target.writeUInt32LE(crc32(payload), 4);
  target.set(payload, frameHeaderBytes);
  return frameBytes(payload);
};

/** Writes the frame of a text, as UTF-8, as `writeFrame` does; it must fit. */
export const writeTextFrame = (target: Buffer, text: string): number => {
  const length = target.write(text, frameHeaderBytes);
  const end = frameHeaderBytes + length;
  target.writeUInt32LE(length, 0);
  target.writeUInt32LE(crc32(target.subarray(frameHeaderBytes, end)), 4);
  return end;
};

/** The frames at the start of some bytes, and why there are no more of them. */
export interface ParsedFrames {
  /** Views into the bytes given. */
  readonly payloads: readonly Buffer[];
  /** Length of the frames found; what follows is the rest of which `end` speaks. */
  readonly bytesRead: number;
  /** `clean`: nothing follows; `partial`: the start of a frame follows; `bad`: what follows is no frame. */
  readonly end: "clean" | "partial" | "bad";
  /** Bytes that the frame at `bytesRead` says it takes; 0 when its header is not whole. */
  readonly nextFrameBytes: number;
}

/** Reads all whole and correct frames from the start of `bytes`. An empty payload is no frame: no call encodes to it. */
export const parseFrames = (bytes: Buffer): ParsedFrames => {
  const payloads: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= frameHeaderBytes) {
    const length = bytes.readUInt32LE(at);
    const end = at + frameHeaderBytes + length;
    if (length > 0 && end > bytes.length) {
      return { payloads, bytesRead: at, end: "partial", nextFrameBytes: end - at };
    }
    const payload = bytes.subarray(at + frameHeaderBytes, end);
    if (length === 0 || crc32(payload) !== bytes.readUInt32LE(at + 4)) {
      return { payloads, bytesRead: at, end: "bad", nextFrameBytes: end - at };
    }
    payloads.push(payload);
    at = end;
  }
  return { payloads, bytesRead: at, end: at === bytes.length ? "clean" : "partial", nextFrameBytes: 0 };
};

/** Whether a whole and correct frame stands anywhere in `bytes`. A checksum agrees by chance once in four thousand million. */
export const holdsFrame = (bytes: Buffer): boolean => {
  for (let at = 0; at + frameHeaderBytes < bytes.length; at += 1) {
    const length = bytes.readUInt32LE(at);
    const end = at + frameHeaderBytes + length;
    if (length > 0 && end <= bytes.length) {
      if (crc32(bytes.subarray(at + frameHeaderBytes, end)) === bytes.readUInt32LE(at + 4)) {
        return true;
      }
    }
  }
  return false;
};
