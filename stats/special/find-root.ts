/** Where to look for a root or a minimum. */
export interface Bracket {
  readonly low: number;
  readonly high: number;
}

/** Enough halvings to bring any bracket of doubles of one sign down to neighbouring values. */
const halvings = 200;

/**
 * The place between `low` and `high` where `isBelow` stops being true, by bisection down to neighbouring doubles. It must be
 * true at first and false from some place on; when it is true everywhere, `high` comes back.
 */
export const findBorder = (isBelow: (x: number) => boolean, { low, high }: Bracket): number => {
  let [left, right] = [low, high];
  for (let step = 0; step < halvings; step += 1) {
    const middle = left + (right - left) / 2;
    if (middle === left || middle === right) {
      break;
    }
    if (isBelow(middle)) {
      left = middle;
    } else {
      right = middle;
    }
  }
  return right;
};

const golden = (Math.sqrt(5) - 1) / 2;

/** The place of the minimum of a function that falls and then rises, by golden sections, to about 1e-8 of the bracket. */
export const findMinimum = (value: (x: number) => number, { low, high }: Bracket): number => {
  let [left, right] = [low, high];
  let [a, b] = [right - golden * (right - left), left + golden * (right - left)];
  let [atA, atB] = [value(a), value(b)];
  for (let step = 0; step < 60; step += 1) {
    if (atA <= atB) {
      [right, b, atB] = [b, a, atA];
      a = right - golden * (right - left);
      atA = value(a);
    } else {
      [left, a, atA] = [a, b, atB];
      b = left + golden * (right - left);
      atB = value(b);
    }
  }
  return (left + right) / 2;
};
