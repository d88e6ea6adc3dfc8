import type { HedgeConfig } from "./hedge-config.ts";

/** Milliseconds without content after which a second target is asked; null for never, as long as too little is measured. */
export const hedgeAfterMs = (
  { afterMs, afterQuantile }: Pick<HedgeConfig, "afterMs" | "afterQuantile">,
  ttftQuantile: (quantile: number) => number | null,
): number | null => {
  const measured = afterQuantile === undefined ? null : ttftQuantile(afterQuantile);
  return measured === null ? (afterMs ?? null) : Math.max(measured, afterMs ?? 0);
};
