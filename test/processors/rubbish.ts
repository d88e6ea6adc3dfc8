import { encodedLength } from "../../bus/record-codec.ts";

/** So many bytes that are no trace request. */
export const rubbish = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0xff);

/** Bytes that a record without headers may have as a value where the bus takes `limit` for the whole. */
export const largest = (limit: number): number => limit - encodedLength({ key: null, value: new Uint8Array() });
