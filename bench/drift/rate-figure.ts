import type { Figure } from "../figure.ts";

/** A figure of so many runs; -1 stands for never, since JSON has no infinity. */
export const figureOf = (args: {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly n: number;
}): Figure => ({
  name: args.name,
  value: Number.isFinite(args.value) ? Number(args.value.toPrecision(4)) : -1,
  unit: args.unit,
  n: args.n,
  at: new Date().toISOString(),
});
