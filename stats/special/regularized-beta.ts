import { logBeta } from "./log-gamma.ts";
import { requirePositive } from "./require-number.ts";

const limit = 100_000;
const tiny = 1e-300;

/**
 * ln of the regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 < x <= 1, by its continued fraction (Abramowitz
 * and Stegun 26.5.8). The logarithm stays finite where the function underflows; its error is below 1e-10 for a + b up to 25,000.
 * RangeError for another x.
 */
export const logRegularizedBeta = (a: number, b: number, x: number): number => {
  requirePositive("a", a);
  requirePositive("b", b);
  if (!(x > 0 && x <= 1)) {
    throw new RangeError(`x is not between 0 and 1: ${x}`);
  }
  if (x === 1) {
    return 0;
  }
  return x <= (a + 1) / (a + b + 2) ? fromFraction(a, b, x) : Math.log1p(-Math.exp(fromFraction(b, a, 1 - x)));
};

const fromFraction = (a: number, b: number, x: number): number =>
  a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a) + Math.log(fractionOf(a, b, x));

const fractionOf = (a: number, b: number, x: number): number => {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < limit; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) {
      break;
    }
  }
  return fraction;
};

const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
