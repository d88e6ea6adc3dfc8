/** How a call ended: the closed list that every record uses. */
export const outcomes = [
  "ok",
  "provider_error",
  "client_abort",
  "upstream_cut",
  "stalled",
  "timeout",
  "blocked",
  "rate_limited",
  "over_budget",
  "cache_hit",
  "interrupted",
] as const;

/** How a call ended. */
export type Outcome = (typeof outcomes)[number];

/** Where the token counts of a call come from; `none` means that there are none. */
export const usageSources = ["provider", "estimated", "none"] as const;

/** Where the token counts of a call come from. */
export type UsageSource = (typeof usageSources)[number];

/** What is kept of the text of a call: nothing, numbers only, text without personal data, or all of it. */
export const contentPolicies = ["none", "measures", "redacted", "full"] as const;

/** What is kept of the text of a call. */
export type ContentPolicy = (typeof contentPolicies)[number];

/** Whether `value` is an outcome of the closed list. */
export const isOutcome = (value: unknown): value is Outcome => outcomes.some((outcome) => outcome === value);

/** Whether `value` is a usage source of the closed list. */
export const isUsageSource = (value: unknown): value is UsageSource => usageSources.some((source) => source === value);
