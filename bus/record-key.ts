import type { RecordPlace } from "./log-storage.ts";

const offsetAt = 8;

/** The storage key of a record: topic and partition as 32-bit, offset as 64-bit big-endian numbers, so that keys sort by offset. */
export const recordKey = ({ topicId, partition, offset }: RecordPlace): Uint8Array => {
  const key = Buffer.allocUnsafe(16);
  key.writeUInt32BE(topicId, 0);
  key.writeUInt32BE(partition, 4);
  key.writeBigUInt64BE(BigInt(offset), offsetAt);
  return key;
};

/** The offset in a storage key of a record. */
export const offsetOfKey = (key: Uint8Array): number =>
  Number(new DataView(key.buffer, key.byteOffset, key.byteLength).getBigUint64(offsetAt));
