import { groupDigits, toInteger } from "./numbers.ts";

const nanosPerDollar = 1_000_000_000n;

/** Nano-dollars as dollars with every digit, at least two decimals: `1500000000` is `$1.50`, `7` is `$0.000000007`. */
export const formatDollars = (nanos: bigint): string => {
  const magnitude = nanos < 0n ? -nanos : nanos;
  const whole = groupDigits((magnitude / nanosPerDollar).toString());
  const decimals = (magnitude % nanosPerDollar).toString().padStart(9, "0").replace(/0+$/, "").padEnd(2, "0");
  return `${nanos < 0n ? "-" : ""}$${whole}.${decimals}`;
};

/** A cell of nano-dollars as dollars; null when it holds no integer. */
export const dollarsOf = (cell: unknown): string | null => {
  const nanos = toInteger(cell);
  return nanos === null ? null : formatDollars(nanos);
};

/** An amount in two parts, so that a headline can give the digits that matter weight and keep the others in sight. */
export interface SplitAmount {
  /** Up to the cents, or up to the second digit that is not 0 in an amount below a cent. */
  readonly lead: string;
  /** The other digits; often empty. */
  readonly rest: string;
}

/** Splits what `formatDollars` returns; `lead + rest` is always the whole text. */
export const splitDollars = (text: string): SplitAmount => {
  const cents = /^-?\$[\d,]+\.\d{2}/.exec(text)?.[0] ?? text;
  const small = /^-?\$0\.00+[1-9]\d?/.exec(text)?.[0];
  const lead = small !== undefined && small.length > cents.length ? small : cents;
  return { lead, rest: text.slice(lead.length) };
};
