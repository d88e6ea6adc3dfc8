import { PlumblineError } from "../../core/errors.ts";

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const isUnit = (text: string | undefined): text is keyof typeof unitsMs =>
  text !== undefined && Object.hasOwn(unitsMs, text);

/** A duration such as `90s`, `15m`, `24h` or `7d` in milliseconds; throws `cli.usage` on anything else. */
export const parseDuration = (text: string): number => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (!isUnit(unit) || Number(count) === 0) {
    throw new PlumblineError("cli.usage", `"${text}" is no duration; write for example 90s, 15m, 24h or 7d`);
  }
  return Number(count) * unitsMs[unit];
};
