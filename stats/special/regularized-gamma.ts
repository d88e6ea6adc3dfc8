import { logGamma } from "./log-gamma.ts";
import { requireNonNegative, requirePositive } from "./require-number.ts";

const limit = 100_000;
const tiny = 1e-300;

/**
 * The upper regularised incomplete gamma function Q(a, x) = 1 - P(a, x), for a > 0 and x >= 0: the series of P below a + 1, the
 * continued fraction of Q above (Abramowitz and Stegun 6.5.29 and 6.5.31). Absolute error below 1e-11 for a up to 10,000.
 */
export const upperGamma = (a: number, x: number): number => {
  requirePositive("a", a);
  if (requireNonNegative("x", x) === 0) {
    return 1;
  }
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * lowerSeries(a, x) : front * upperFraction(a, x);
};

const lowerSeries = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < limit && term > sum * 1e-17; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
};

/** Lentz's way from the front to the back, as modified by Thompson and Barnett (1986). */
const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < limit; n += 1) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / nonZero(factor * d + b);
    c = nonZero(b + factor / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) {
      break;
    }
  }
  return fraction;
};

const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
