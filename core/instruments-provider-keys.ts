import type { Instrument } from "./instruments.ts";

/** What gateways raise about the keys of providers that have several; a key goes by its name. */
export const providerKeyInstruments = {
  providerKeyRequests: {
    name: "plumbline_provider_key_requests_total",
    type: "counter",
    help: "Attempts sent with a key of a provider that has several.",
    labels: ["provider", "key"],
  },
  providerKeyTokens: {
    name: "plumbline_provider_key_tokens_total",
    type: "counter",
    help: "Input and output tokens of attempts sent with such a key, as far as they are known.",
    labels: ["provider", "key"],
  },
  providerKeyRests: {
    name: "plumbline_provider_key_rests_total",
    type: "counter",
    help: "Times that such a key was left alone for a while: refused by its provider, or limited.",
    labels: ["provider", "key", "reason"],
  },
  gatewayPassedOver: {
    name: "plumbline_gateway_targets_passed_over_total",
    type: "counter",
    help: "Targets that a call could not be sent to when it came: keys_busy, keys_refused, constraint, unsupported or breaker_open.",
    labels: ["route", "reason"],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
