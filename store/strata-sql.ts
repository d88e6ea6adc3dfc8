import { inputMeasures, strata } from "../core/measures.ts";

/** Keys of a stratum: a value's bin is a quarter as fine there, so that a stratum has room for all and all strata have 16 bits. */
const keys = { perStratum: 1024, zero: 1, middle: 512, lowest: 112, highest: 1022, bins: 4 } as const;

/** Bin of zero, as in the histograms. */
const zeroBin = -32_768;

/** Place of the stratum of a row of `calls AS c` among all, from 1; 0 for a call whose input was not measured. */
export const stratumOfCall = `indexOf([${strata
  .map((name) => `'input_stratum@${inputMeasures.stratum.version}=${name}'`)
  .join(", ")}], arrayFirst(name -> startsWith(name, 'input_stratum@'), mapKeys(c.measures)))`;

/** Aggregate that counts the values of answers by `stratum` and bin; an expression gives the bin of `value`. */
export const valuesByStratum = (bin: string): string => {
  const place = `greatest(least(floor((${bin} + ${keys.bins / 2}) / ${keys.bins}) + ${keys.middle}, ${keys.highest}), ${keys.lowest})`;
  const key = `(stratum - 1) * ${keys.perStratum} + if(value > 0, ${place}, ${keys.zero})`;
  return `sumMapIf(map(toInt16(${key}), toInt64(1)), stratum > 0 AND startsWith(measure, 'answer_'))`;
};

/** What the keys of the counts are. */
export const strataDoc = `Values of answers by stratum of the input. Keys are ${keys.perStratum} times the place of the stratum among the values of the measure \`stratum\`, and ${keys.middle} more than a quarter of the bin, or ${keys.zero} for zero; values are numbers of calls.`;

/** The stratum and bin of a key. */
export const readStrataKey = (key: number): { readonly stratum: number; readonly bin: number } => {
  const place = key % keys.perStratum;
  return {
    stratum: Math.floor(key / keys.perStratum),
    bin: place === keys.zero ? zeroBin : (place - keys.middle) * keys.bins,
  };
};
