/** Values look by look; null is no data. */
export type Values = readonly (number | null)[];

const longest = 10_000;

/** `5+2x3`, `5-2x3`, `5x3` or `5`: a start, a step, and how often it is taken. */
const run = /^(-?\d+(?:\.\d+)?(?:e\d+)?)(?:([+-]\d+(?:\.\d+)?(?:e\d+)?))?(?:x(\d{1,5}))?$/;
const gap = /^_(?:x(\d{1,5}))?$/;

/**
 * The values that a series notation stands for, or what is wrong with it. As in the unit tests of Prometheus: `5+2x3` is 5 and
 * three steps of 2, so four values; `5x3` is four times 5; `_` is a look without data and `_x3` three of them.
 */
export const parseSeries = (
  text: string,
): { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly problem: string } => {
  const values: (number | null)[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const part = valuesOf(word);
    if (part === null) {
      return { ok: false, problem: `"${word}" is no part of a series; write for example 5, 5x6, 5+2x6, _ or _x3` };
    }
    values.push(...part);
    if (values.length > longest) {
      return { ok: false, problem: `a series may have ${longest} values` };
    }
  }
  return { ok: true, values };
};

const valuesOf = (word: string): Values | null => {
  const missing = gap.exec(word);
  if (missing !== null) {
    return Array.from({ length: Number(missing[1] ?? 1) }, () => null);
  }
  const [, start, step, times] = run.exec(word) ?? [];
  if (start === undefined || (step !== undefined && times === undefined)) {
    return null;
  }
  const count = Number(times ?? 0) + 1;
  return Array.from({ length: count }, (_, index) => Number(start) + index * Number(step ?? 0));
};
