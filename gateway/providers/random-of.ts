import { createHash } from "node:crypto";
import type { Random } from "../../core/random.ts";
import { randomFrom } from "../../core/random.ts";

/** Random numbers from a text: the same ones for the same text. */
export const randomOf = (text: string): Random => {
  const hash = createHash("sha256").update(text).digest();
  return randomFrom([hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8), hash.readUInt32LE(12) | 1]);
};

/** A draw from the log-normal law with the given median and standard deviation of its logarithm. */
export const logNormal = ({ normal }: Random, median: number, sigma: number): number =>
  median * Math.exp(sigma * normal());
