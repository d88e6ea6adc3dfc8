import type { ProviderConfig } from "../providers/provider-config.ts";
import type { TargetConfig } from "../route-config.ts";

/** Where a target answers, and what it complies with. */
export interface Place {
  /** Null where it is not known. */
  readonly region: string | null;
  readonly compliance: readonly string[];
}

/** The place of a target: what it says of itself, else what its provider does. */
export const placeOf = (
  target: Pick<TargetConfig, "region" | "compliance">,
  provider: ProviderConfig | undefined,
): Place => ({
  region: target.region ?? regionOf(provider),
  compliance: target.compliance ?? provider?.compliance ?? [],
});

const regionOf = (provider: ProviderConfig | undefined): string | null => {
  if (provider?.kind !== "vertex") return provider?.region ?? null;
  // Google chooses the place of a global call, which may be any.
  return provider.location === "global" ? null : provider.location;
};
