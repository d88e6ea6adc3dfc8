import type { TargetConfig } from "./route-config.ts";

/** The name of a target on the spans. */
export const variantOf = (target: Pick<TargetConfig, "provider" | "model" | "variant">): string =>
  target.variant ?? (target.model === undefined ? target.provider : `${target.provider}/${target.model}`);
