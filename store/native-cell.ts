import { PlumblineError } from "../core/errors.ts";
import type { Cell } from "./rows.ts";

/** A cell as text; null is the empty text. */
export const textOf = (cell: Cell): string => {
  if (typeof cell === "string") {
    return cell;
  }
  return cell === null ? "" : unfit(cell);
};

/** A cell as a finite number; null, and what is not finite, is 0. */
export const numberOf = (cell: Cell): number => {
  if (typeof cell === "number") {
    return Number.isFinite(cell) ? cell : 0;
  }
  return cell === null ? 0 : unfit(cell);
};

/** A cell as a whole number between two bounds, both included. */
export const wholeOf = (cell: Cell, least: number, most: number): number => {
  const value = numberOf(cell);
  return Number.isInteger(value) && value >= least && value <= most ? value : unfit(cell);
};

/** The same for 64 bits: a safe number, or any `bigint`, in two's complement. */
export const longOf = (cell: Cell, least: bigint, most: bigint): number | bigint => {
  if (typeof cell === "bigint") {
    return cell >= least && cell <= most ? BigInt.asIntN(64, cell) : unfit(cell);
  }
  const value = numberOf(cell);
  return Number.isSafeInteger(value) && (value >= 0 || least < 0n) ? value : unfit(cell);
};

/** A cell as a list; null is an empty one. */
export const listOf = (cell: Cell): readonly Cell[] => {
  if (isList(cell)) {
    return cell;
  }
  return cell === null ? [] : unfit(cell);
};

/** A cell as a record; null is an empty one. */
export const recordOf = (cell: Cell): Readonly<Record<string, string | number>> => {
  if (typeof cell === "object" && cell !== null && !isList(cell)) {
    return cell;
  }
  return cell === null ? {} : unfit(cell);
};

const isList = (cell: Cell): cell is readonly Cell[] => Array.isArray(cell);

const unfit = (cell: Cell): never => {
  const text = typeof cell === "object" ? JSON.stringify(cell) : String(cell);
  throw new PlumblineError("store.rejected", `a column cannot hold ${text.slice(0, 80)}`);
};
