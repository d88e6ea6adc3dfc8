import { crc32 } from "node:zlib";

/** One message of Amazon's event stream, with headers of text. Bytes are its payload as they are, everything else as JSON. */
export const eventStreamMessage = (headers: Readonly<Record<string, string>>, payload: unknown): Buffer => {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const lengths = Buffer.alloc(3);
      lengths.writeUInt8(7, 0);
      lengths.writeUInt16BE(Buffer.byteLength(value), 1);
      return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), lengths, Buffer.from(value)]);
    }),
  );
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(prelude.length + head.length + body.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, head, body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(message), 0);
  return Buffer.concat([message, checksum]);
};

/** One event of Bedrock's ConverseStream. */
export const converseEvent = (name: string, payload: unknown): Buffer =>
  eventStreamMessage({ ":message-type": "event", ":event-type": name, ":content-type": "application/json" }, payload);
