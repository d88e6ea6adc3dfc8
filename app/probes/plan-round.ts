import type { ProbeConfig } from "./probes-config.ts";

/** What is known of the probes of a route in the last 24 hours. */
export interface Spent {
  /** Begin of the last call, in milliseconds since the Unix epoch; null without one. */
  readonly lastMs: number | null;
  readonly costNanos: number;
  /** The most that one call cost; null while none has a price. */
  readonly mostNanos: number | null;
}

/** What is to be asked now, and why no more. */
export interface Round {
  readonly prompts: readonly string[];
  readonly reason: "due" | "not_due" | "price_unknown" | "over_budget";
}

const nanosOfDollar = 1e9;

/** Decides what a probe asks now: never more than its budget allows at the price of its dearest call. */
export const planRound = (
  { prompts, everyMinutes, budgetUsdPerDay }: ProbeConfig,
  { lastMs, costNanos, mostNanos }: Spent,
  nowMs: number,
): Round => {
  if (lastMs !== null && nowMs - lastMs < everyMinutes * 60_000) {
    return { prompts: [], reason: "not_due" };
  }
  if (mostNanos === null) {
    return { prompts: prompts.slice(0, 1), reason: "price_unknown" };
  }
  const left = budgetUsdPerDay * nanosOfDollar - costNanos;
  const affordable = mostNanos === 0 ? prompts.length : Math.max(0, Math.floor(left / mostNanos));
  return affordable >= prompts.length
    ? { prompts, reason: "due" }
    : { prompts: prompts.slice(0, affordable), reason: "over_budget" };
};
