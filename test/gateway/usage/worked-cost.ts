/** Pico-dollars of a token at a price in dollars per million, which has six decimals at most. */
const picosOf = (dollars: string): bigint => {
  const [whole = "", fraction = ""] = dollars.split(".");
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
};

/**
 * The value of a cost worked out by hand, such as `(600 x 2.5 + 10 x 10) / 2`, in nano-dollars: tokens times dollars per
 * million, in whole numbers alone, rounded once, half a nano-dollar up.
 */
export const workedCost = (text: string): bigint => {
  const [, inBrackets, divisor = "1"] = /^\((.*)\) \/ (\d+)$/.exec(text) ?? [];
  const picos = (inBrackets ?? text).split(" + ").reduce((sum, term) => {
    const [, tokens, dollars] = /^(\d+) x (\d+(?:\.\d{1,6})?)$/.exec(term) ?? [];
    if (tokens === undefined || dollars === undefined) throw new Error(`no product: ${term}`);
    return sum + BigInt(tokens) * picosOf(dollars);
  }, 0n);
  const nano = 1_000n * BigInt(divisor);
  return (2n * picos + nano) / (2n * nano);
};
