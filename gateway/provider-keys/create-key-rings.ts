import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { GatewayConfig } from "../config.ts";
import { KeyRing } from "./key-ring.ts";

/** The rings of the providers that have several keys, by name of the provider. */
export const createKeyRings = (
  { providers, keyPauses: pauses }: Pick<GatewayConfig, "providers" | "keyPauses">,
  { meter, log }: { readonly meter: Meter; readonly log: Log },
): ReadonlyMap<string, KeyRing> =>
  new Map(
    Object.entries(providers).flatMap(([provider, config]) =>
      "keys" in config && config.keys !== undefined
        ? [[provider, new KeyRing({ provider, keys: config.keys, pauses, meter, log })] as const]
        : [],
    ),
  );
