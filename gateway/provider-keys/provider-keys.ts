import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { GatewayConfig } from "../config.ts";
import { keyChange } from "./key-change.ts";
import { KeyRing } from "./key-ring.ts";

type Providers = GatewayConfig["providers"];

/** What the keys of providers work with. */
export interface ProviderKeysDeps {
  readonly meter: Meter;
  readonly log: Log;
}

/** The keys of the providers as they are configured now. */
export class ProviderKeys {
  readonly #pauses: GatewayConfig["keyPauses"];
  readonly #deps: ProviderKeysDeps;
  readonly #rings = new Map<string, KeyRing>();
  readonly #singleKeys = new Map<string, string>();
  /** The providers as they run, with the keys that are in use. */
  #running: Providers;

  constructor({ providers, keyPauses }: Pick<GatewayConfig, "providers" | "keyPauses">, deps: ProviderKeysDeps) {
    this.#pauses = keyPauses;
    this.#deps = deps;
    this.#running = providers;
    for (const [provider, config] of Object.entries(providers)) this.#take(provider, config);
  }

  /** The rings of the providers that have several keys, by name of the provider. */
  get rings(): ReadonlyMap<string, KeyRing> {
    return this.#rings;
  }

  /** The only key of a provider; null where it has several, or none, or one that is no `apiKey`. */
  singleKey(provider: string): string | null {
    return this.#singleKeys.get(provider) ?? null;
  }

  /**
   * Takes the keys of a configuration at once: attempts under way end with the keys that they began with, and a key that stays
   * keeps what was counted of it. The keys of a provider whose other settings have changed wait for a restart, as those do: a key
   * must not go to the address of another.
   */
  reconfigure(providers: Providers): void {
    for (const [provider, before] of Object.entries(this.#running)) {
      const after = providers[provider];
      const change = after === undefined ? null : keyChange(before, after);
      if (after === undefined || change === null) continue;
      if (change.kind === "restart") {
        this.#deps.log.warn({ provider }, "the keys of a provider change at a restart, as its other settings do");
        continue;
      }
      this.#take(provider, after);
      this.#running = { ...this.#running, [provider]: after };
      const { added, removed, changed } = change;
      this.#deps.log.info({ provider, added, removed, changed }, "the keys of a provider have changed");
    }
  }

  #take(provider: string, config: Providers[string]): void {
    const { keys, apiKey } = { keys: undefined, apiKey: undefined, ...config };
    const ring = this.#rings.get(provider);
    if (keys === undefined) this.#rings.delete(provider);
    else if (ring === undefined) this.#rings.set(provider, this.#ringOf(provider, keys));
    else ring.reconfigure(keys);
    if (apiKey === undefined) this.#singleKeys.delete(provider);
    else this.#singleKeys.set(provider, apiKey);
  }

  #ringOf(provider: string, keys: ConstructorParameters<typeof KeyRing>[0]["keys"]): KeyRing {
    return new KeyRing({ provider, keys, pauses: this.#pauses, ...this.#deps });
  }
}
