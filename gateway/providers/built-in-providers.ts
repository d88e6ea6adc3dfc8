import type { ProviderConfig } from "./provider-config.ts";
import { recordedConfig, simulatedConfig } from "./provider-config.ts";

/** The configured providers, with `simulated` and `recorded` added where the configuration does not define them itself. */
export const withBuiltInProviders = (
  configured: Readonly<Record<string, ProviderConfig>>,
): Readonly<Record<string, ProviderConfig>> => ({
  simulated: simulatedConfig.parse({ kind: "simulated" }),
  recorded: recordedConfig.parse({ kind: "recorded" }),
  ...configured,
});
