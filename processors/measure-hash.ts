import { hash } from "node:crypto";

/** 16 hex characters that tell this text from others: the first half of a SHA-256's first half, keyed by nothing. */
export const textHash = (text: string): string => hash("sha256", Buffer.from(text, "utf16le"), "hex").slice(0, 16);
