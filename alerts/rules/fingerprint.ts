import { createHash } from "node:crypto";
import type { Labels } from "../../core/alert.ts";

/** 16 hex characters that are equal for equal labels, in whatever order. */
export const fingerprintOf = (labels: Labels): string => {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
};
