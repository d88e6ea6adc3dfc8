import type { ProviderConfig } from "../providers/provider-config.ts";
import type { ProviderKeyConfig } from "./key-ring-config.ts";

/** How the keys of a provider differ from those in use, by their names. */
export type KeyChange =
  | {
      readonly kind: "now";
      readonly added: readonly string[];
      readonly removed: readonly string[];
      /** Those with another key, limit or weight under the same name. */
      readonly changed: readonly string[];
    }
  /** They differ, and cannot be changed while the provider runs. */
  | { readonly kind: "restart" };

/** What the only key of a provider is called, which has no name of its own. */
const single = "apiKey";

/** What changes between the keys of a provider as it runs and as it is configured now; null where nothing does. */
export const keyChange = (before: ProviderConfig, after: ProviderConfig): KeyChange | null => {
  const [old, now] = [partsOf(before), partsOf(after)];
  const added = [...now.keys.keys()].filter((name) => !old.keys.has(name));
  const removed = [...old.keys.keys()].filter((name) => !now.keys.has(name));
  const changed = [...now.keys].filter(([name, text]) => (old.keys.get(name) ?? text) !== text).map(([name]) => name);
  if (added.length + removed.length + changed.length === 0) return null;
  // A provider without any key goes on sending the one that it was made with.
  return now.keys.size === 0 || old.rest !== now.rest ? { kind: "restart" } : { kind: "now", added, removed, changed };
};

interface Parts {
  /** Each key with all that is said of it, by name. */
  readonly keys: ReadonlyMap<string, string>;
  /** All other settings. */
  readonly rest: string;
}

const partsOf = (config: ProviderConfig): Parts => {
  const { keys, apiKey, ...rest } = { keys: undefined, apiKey: undefined, ...config };
  const named = (keys ?? []).map((key: ProviderKeyConfig) => [key.name, JSON.stringify(key)] as const);
  const own = apiKey === undefined ? [] : [[single, apiKey] as const];
  return { keys: new Map([...named, ...own]), rest: JSON.stringify(rest) };
};
