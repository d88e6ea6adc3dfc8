/** A cell of an answer as a number; null when it holds none. 64-bit integers arrive as decimal strings. */
export const toNumber = (cell: unknown): number | null => {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== "string" || cell.trim() === "") return null;
  const number = Number(cell);
  return Number.isFinite(number) ? number : null;
};

/** A cell of an answer as an integer without loss; null when it holds none, or a fraction. */
export const toInteger = (cell: unknown): bigint | null => {
  if (typeof cell === "string" && /^-?\d+$/.test(cell)) return BigInt(cell);
  return typeof cell === "number" && Number.isInteger(cell) ? BigInt(cell) : null;
};

/** Digits in groups of three: `1234567` becomes `1,234,567`. */
export const groupDigits = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",");

const prefixes = ["", "k", "M", "G", "T", "P"];

/**
 * A count with three significant digits and an SI prefix: `12.3 k`, `1.00 M`. Counts below 1,000 are exact, and nothing
 * is rounded up across a prefix to `1000 k`.
 */
export const formatSi = (value: number): string => {
  const magnitude = Math.abs(value);
  if (magnitude < 1000) return String(Number(value.toPrecision(3)));
  let power = Math.min(Math.floor(Math.log10(magnitude) / 3), prefixes.length - 1);
  let text = (value / 1000 ** power).toPrecision(3);
  if (Math.abs(Number(text)) >= 1000 && power < prefixes.length - 1) {
    power += 1;
    text = (value / 1000 ** power).toPrecision(3);
  }
  const digits = text.includes("e") ? String(Number(text)) : text;
  return `${digits} ${prefixes[power]}`;
};

/**
 * A ratio as a percentage. It shows `0%` and `100%` only for exactly 0 and 1: in between it takes as many digits as it
 * needs, because 99.999% complete is not complete.
 */
export const formatRatio = (ratio: number): string => {
  const percent = ratio * 100;
  if (Number.isInteger(percent)) return `${percent}%`;
  for (let decimals = Math.abs(percent) < 10 ? 2 : 1; decimals <= 12; decimals += 1) {
    const rounded = Number(percent.toFixed(decimals));
    if (rounded !== 0 && rounded !== 100) return `${rounded}%`;
  }
  return `${percent}%`;
};
