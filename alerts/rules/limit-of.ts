import type { Condition } from "./condition-schema.ts";

/** What the values of a rule are compared with; null when it is a multiple of an amount that is not configured. */
export const limitOf = (condition: Condition, amounts: Readonly<Record<string, number>>): number | null => {
  if (condition.kind === "burn_rate") {
    return Math.min(...condition.windows.map(({ factor }) => factor));
  }
  const { value, times } = condition;
  if (times === undefined) {
    return value;
  }
  const amount = Object.hasOwn(amounts, times) ? amounts[times] : undefined;
  return amount === undefined ? null : value * amount;
};
