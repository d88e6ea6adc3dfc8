import type { Clock } from "../../core/clock.ts";
import { anthropic } from "./anthropic.ts";
import { azureOpenAi } from "./azure-openai.ts";
import { bedrock } from "./bedrock.ts";
import { withBuiltInProviders } from "./built-in-providers.ts";
import { gemini, vertex } from "./gemini.ts";
import { openAiCompatible } from "./openai-compatible.ts";
import type { Provider } from "./provider.ts";
import type { ProviderConfig } from "./provider-config.ts";
import { recorded } from "./recorded.ts";
import { simulated } from "./simulated.ts";

/** What providers need besides their settings. */
export interface ProviderDeps {
  readonly clock: Clock;
  /** Milliseconds to open a connection. */
  readonly connectMs: number;
}

/** Makes every provider of the configuration, and the built-in ones, by name. */
export const createProviders = (
  configured: Readonly<Record<string, ProviderConfig>>,
  deps: ProviderDeps,
): ReadonlyMap<string, Provider> =>
  new Map(
    Object.entries(withBuiltInProviders(configured)).map(([name, config]) => [name, createProvider(config, deps)]),
  );

const createProvider = (config: ProviderConfig, deps: ProviderDeps): Provider => {
  switch (config.kind) {
    case "openai":
      return openAiCompatible(config, deps);
    case "azure":
      return azureOpenAi(config, deps);
    case "anthropic":
      return anthropic(config, deps);
    case "gemini":
      return gemini(config, deps);
    case "vertex":
      return vertex(config, deps);
    case "bedrock":
      return bedrock(config, deps);
    case "simulated":
      return simulated(config, deps);
    case "recorded":
      return recorded(config, deps);
  }
};
