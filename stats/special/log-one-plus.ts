/** ln(1 + e^x), without overflow. */
export const logOnePlus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
