import { priceKey } from "../../gateway/budgets/token-prices.ts";
import type { GatewayConfig } from "../../gateway/config.ts";
import { withBuiltInProviders } from "../../gateway/providers/built-in-providers.ts";
import type { PricedModel } from "../../processors/resolve-prices.ts";

/** The models that the routes ask targets for, with what a price book calls each; `*` stands for no model and is left out. */
export const routeModels = ({
  routes,
  providers,
}: Pick<GatewayConfig, "routes" | "providers">): readonly (PricedModel & { readonly key: string })[] => {
  const known = withBuiltInProviders(providers);
  const models = Object.values(routes).flatMap((route) =>
    route.targets.flatMap((target) =>
      (target.model === undefined ? route.models.filter((model) => model !== "*") : [target.model]).map((model) => ({
        key: priceKey(target.provider, model),
        provider: known[target.provider]?.providerName ?? target.provider,
        model,
      })),
    ),
  );
  return [...new Map(models.map((each) => [each.key, each])).values()];
};
