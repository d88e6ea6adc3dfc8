import type { DeliveryConfig } from "./delivery-config.ts";
import type { DeliveryPolicy, ReceiverTraits } from "./policy.ts";
import { makePolicy } from "./policy.ts";
import type { RouteOptions } from "./route-tree.ts";

/** What the root of the tree does where the configuration does not say; the intervals are Alertmanager's. */
const rootOptions: RouteOptions = {
  receiver: "log",
  groupBy: ["route", "model"],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 14_400_000,
};

/** The rules of telling that a configuration asks for. */
export const policyOf = (
  { route, inhibitions }: Pick<DeliveryConfig, "route" | "inhibitions">,
  receivers: ReadonlyMap<string, ReceiverTraits>,
): DeliveryPolicy => makePolicy({ route, defaults: rootOptions, inhibitions, traits: receivers });
