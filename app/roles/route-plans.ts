import { createHash } from "node:crypto";
import type { RoutePlan } from "../../alerts/verdicts/route-plan.ts";
import type { GatewayConfig } from "../../gateway/config.ts";
import { variantOf } from "../../gateway/variant-of.ts";

/** The routes as those who move traffic know them. */
export const routePlans = ({ routes, providers }: Pick<GatewayConfig, "routes" | "providers">): readonly RoutePlan[] =>
  Object.entries(routes).map(([name, { targets, fallback }]) => ({
    name,
    targets: targets.map(({ weight, ...target }) => ({
      variant: variantOf(target),
      provider: target.provider,
      weight,
      standsIn: fallback === "class" ? target.class !== undefined : fallback.includes(variantOf(target)),
      fingerprint: fingerprintOf({ target, provider: providers[target.provider] ?? null }),
    })),
  }));

/** Keys and other secrets may be renewed while a trial runs: they are not what a target is. */
const secrets: ReadonlySet<string> = new Set([
  ...["apiKey", "keys", "headers"],
  ...["accessToken", "accessKeyId", "secretAccessKey", "sessionToken"],
]);

const fingerprintOf = (what: object): string =>
  createHash("sha256")
    .update(JSON.stringify(what, (key, value: unknown) => (secrets.has(key) ? undefined : value)))
    .digest("hex")
    .slice(0, 12);
