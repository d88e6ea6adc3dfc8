import { z } from "zod";

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const isUnit = (text: string | undefined): text is keyof typeof unitsMs =>
  text !== undefined && Object.hasOwn(unitsMs, text);

/** A duration such as `0s`, `90s`, `15m`, `24h` or `7d` in milliseconds; null for any other text. */
export const durationMs = (text: string): number | null => {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return isUnit(unit) ? Number(count) * unitsMs[unit] : null;
};

/** A duration as text in a file, from `leastMs` on; the value is in milliseconds. */
export const duration = (leastMs: number) =>
  z.string().transform((text, context): number => {
    const ms = durationMs(text);
    if (ms === null || ms < leastMs) {
      const least = leastMs === 0 ? "" : `, at least ${leastMs / 1000}s`;
      context.addIssue({ code: "custom", message: `expected a duration such as 90s, 15m, 24h or 7d${least}` });
      return z.NEVER;
    }
    return ms;
  });
