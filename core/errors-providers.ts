/** What can go wrong with a provider, or with finding one for a call; `core/errors.ts` takes it up. */
export const providerErrors = {
  "provider.unreachable": {
    retryable: true,
    help: "The provider could not be reached: see its address in the configuration.",
  },
  "provider.cut": { retryable: true, help: "The provider ended the answer before it was complete." },
  "provider.malformed": {
    retryable: true,
    help: "The provider's answer was not in the format of its kind: see its address and kind in the configuration.",
  },
  "provider.timeout": {
    retryable: true,
    help: "The provider did not answer in the time that gateway.timeouts allows.",
  },
  "provider.keys_busy": {
    retryable: true,
    help: "Every key of the provider is at its limit in `keys` or rests because the provider limited it: wait, or add keys.",
  },
  "provider.keys_refused": {
    retryable: true,
    help: "The provider has refused every one of its `keys`: see which in the gateway's log, and replace them.",
  },
  "constraint.unmet": {
    retryable: false,
    help: "No target of the route has the region and the compliance that route, key or request demand: see docs/gateway.md.",
  },
  "constraint.unmet_now": {
    retryable: true,
    help: "Only targets that take no calls now have the region and the compliance demanded: see their weights and GET /policy.",
  },
} as const;
