import type { ProviderConfig } from "../providers/provider-config.ts";
import type { RouteProblem } from "../route-checks.ts";

/** Every mistake in the keys of providers, all at once. */
export const checkProviderKeys = (providers: Readonly<Record<string, ProviderConfig>>): readonly RouteProblem[] =>
  Object.entries(providers).flatMap(([provider, config]) => {
    if (!("keys" in config) || config.keys === undefined) return [];
    const path = ["providers", provider, "keys"];
    const message = "a provider has either apiKey or keys";
    const names = config.keys.map(({ name }) => name);
    const doubles = names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
    return [
      ...(config.apiKey === undefined ? [] : [{ path, message }]),
      ...doubles.map((index) => ({ path: [...path, index, "name"], message: "another key has the same" })),
    ];
  });
