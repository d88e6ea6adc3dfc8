import type { Figure } from "../figure.ts";

/** Stands for never, since JSON has no infinity: larger than any delay, so that figures compare as they should. */
const never = 1e9;

/** A figure of so many runs; 1e9 stands for never. */
export const figureOf = (args: {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly n: number;
}): Figure => ({
  name: args.name,
  value: Number.isFinite(args.value) ? Number(args.value.toPrecision(4)) : never,
  unit: args.unit,
  n: args.n,
  at: new Date().toISOString(),
});
