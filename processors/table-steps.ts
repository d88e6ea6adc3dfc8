import type { calcPrice } from "@pydantic/genai-prices";
import type { PriceStep } from "../core/token-prices.ts";

/** The prices of a model in the public table, in dollars per million tokens. */
export type TablePrices = NonNullable<ReturnType<typeof calcPrice>>["model_price"];
type TablePrice = TablePrices[string];

/** The table's name of what each bucket is paid as. */
const names = {
  input: "input_mtok",
  inputAudio: "input_audio_mtok",
  inputImage: "input_image_mtok",
  cacheRead: "cache_read_mtok",
  cacheReadAudio: "cache_audio_read_mtok",
  cacheReadImage: "cache_image_read_mtok",
  cacheWrite: "cache_write_mtok",
  cacheWrite1h: "cache_write_1h_mtok",
  output: "output_mtok",
  outputAudio: "output_audio_mtok",
  outputImage: "output_image_mtok",
} as const;
const known: ReadonlySet<string> = new Set(Object.values(names));

/** The steps of prices that hold for the same calls at different times; where they differ, the highest. */
export const stepsOf = (tables: readonly TablePrices[]): readonly PriceStep[] => {
  const starts = new Set([0, ...tables.flatMap((table) => Object.values(table).flatMap(startsOf))]);
  return [...starts].toSorted((a, b) => a - b).map((fromTokens) => stepAt(tables, fromTokens));
};

/**
 * The steps that say all of a model's prices, in whole pico-dollars per token; null where it has others, such as one per request, or
 * finer ones.
 */
export const exactSteps = (table: TablePrices): readonly PriceStep[] | null => {
  const isExact = Object.entries(table).every(
    ([name, price]) =>
      price === undefined || isUncounted(name) || (known.has(name) && ratesOf(price).every(isWholePicos)),
  );
  return isExact ? stepsOf([table]) : null;
};

/** Searches, hours and pages are in no usage that is recorded here; every call is a request. */
const isUncounted = (name: string): boolean => /_(?:kcount|hours|kpages)$/.test(name) && name !== "requests_kcount";

/** What the table does not price apart is paid as what it is a part of. */
const stepAt = (tables: readonly TablePrices[], fromTokens: number): PriceStep => {
  const rate = (bucket: keyof typeof names, instead: number): number => {
    const found = tables.flatMap((table) => rateAt(table[names[bucket]], fromTokens) ?? []);
    return found.length === 0 ? instead : picosOf(Math.max(...found));
  };
  const input = rate("input", 0);
  const output = rate("output", 0);
  const inputAudio = rate("inputAudio", input);
  const inputImage = rate("inputImage", input);
  const cacheRead = rate("cacheRead", input);
  const cacheWrite = rate("cacheWrite", input);
  // Where nothing read from a cache is cheaper, audio read from one is audio.
  const hasCache = tables.some((table) => table[names.cacheRead] !== undefined);
  return {
    fromTokens,
    input,
    inputAudio,
    inputImage,
    cacheRead,
    cacheReadAudio: rate("cacheReadAudio", hasCache ? cacheRead : inputAudio),
    cacheReadImage: rate("cacheReadImage", hasCache ? cacheRead : inputImage),
    cacheWrite,
    cacheWrite1h: rate("cacheWrite1h", cacheWrite),
    output,
    outputAudio: rate("outputAudio", output),
    outputImage: rate("outputImage", output),
  };
};

/** The table's steps hold above their start, ours from theirs on. */
const startsOf = (price: TablePrice): readonly number[] =>
  typeof price === "object" ? price.tiers.map(({ start }) => start + 1) : [];

/** Dollars per million tokens in a step; null without a price. */
const rateAt = (price: TablePrice, fromTokens: number): number | null =>
  typeof price === "object"
    ? (price.tiers.findLast(({ start }) => start < fromTokens)?.price ?? price.base)
    : (price ?? null);

const ratesOf = (price: NonNullable<TablePrice>): readonly number[] =>
  typeof price === "object" ? [price.base, ...price.tiers.map((tier) => tier.price)] : [price];

/** Dollars per million tokens to pico-dollars per token. */
const picosOf = (dollarsPerMillion: number): number => Math.round(dollarsPerMillion * 1e6);

/** Doubles have an error in their last place, and so has their product. */
const isWholePicos = (dollarsPerMillion: number): boolean =>
  Math.abs(dollarsPerMillion * 1e6 - picosOf(dollarsPerMillion)) < 1e-6;
