import type { ChatRequest } from "./chat-request.ts";
import type { Provider } from "./providers/provider.ts";
import type { Refusal } from "./refusal.ts";
import type { Surface } from "./surfaces/surface.ts";
import type { Feature } from "./wires/feature.ts";
import { features } from "./wires/feature.ts";
import { featuresOf } from "./wires/features-of.ts";
import { wires } from "./wires/wire.ts";
import type { WireName } from "./wires/wire-name.ts";

/** The format in which a target is asked, or why it cannot be asked at all. */
export type WirePick =
  | { readonly ok: true; readonly wire: WireName }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Picks the format in which a target is asked: the caller's own where the target speaks it, and then whatever is asked for
 * is the target's to judge; else one that the request can be translated to, if that has a place for all it asks for.
 */
export const pickWire = (args: {
  readonly surface: Surface;
  readonly chat: ChatRequest;
  readonly provider: Provider;
  /** Name of the provider's entry in the configuration. */
  readonly providerKey: string;
}): WirePick => {
  const { surface, chat, provider, providerKey } = args;
  if (provider.wires.includes(surface.wire)) {
    return { ok: true, wire: surface.wire };
  }
  const wire = provider.wires.find((name) => wires[name].operation === surface.operation);
  if (wire === undefined) {
    return unsupported(`The provider "${providerKey}" cannot serve ${surface.path}.`);
  }
  const missing = [...featuresOf(chat, surface.operation)].filter((feature) => !wires[wire].features.has(feature));
  return missing.length === 0
    ? { ok: true, wire }
    : unsupported(`The provider "${providerKey}" cannot serve ${listOf(missing)} for ${surface.path}.`);
};

const listOf = (missing: readonly Feature[]): string => missing.map((feature) => features[feature]).join(", ");

const unsupported = (message: string): WirePick => ({
  ok: false,
  refusal: { code: "request.unsupported", message, param: null },
});
