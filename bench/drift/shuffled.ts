import { randomFrom } from "../../processors/drift-draw.ts";

/** The values in an order that the seed alone decides (Fisher and Yates 1938, Durstenfeld 1964). */
export const shuffled = <T>(values: readonly T[], seed: string): readonly T[] => {
  const random = randomFrom(seed);
  const order = [...values];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    order.splice(last, 1, ...order.splice(other, 1, ...order.slice(last, last + 1)));
  }
  return order;
};
