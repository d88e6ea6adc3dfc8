import type { Instrument } from "./instruments.ts";

/** What gateways raise about what moves their traffic (verdicts, targets that fail, callers that go) and about pinned models. */
export const policyInstruments = {
  gatewayPinMismatch: {
    name: "plumbline_gateway_pin_mismatch_calls_total",
    type: "counter",
    help: "Calls that were answered by another model than the one their target is pinned to.",
    labels: ["route", "variant"],
  },
  policyVerdicts: {
    name: "plumbline_policy_verdicts_total",
    type: "counter",
    help: "Verdicts that a gateway has received, by what came of them; after a start it receives them all again.",
    labels: ["reason"],
  },
  policyShare: {
    name: "plumbline_policy_effective_share_ratio",
    type: "gauge",
    help: "Part of a route's calls that a target is to get, under the verdicts in force.",
    labels: ["route", "variant"],
  },
  policyLastVerdict: {
    name: "plumbline_policy_last_verdict_timestamp_seconds",
    type: "gauge",
    help: "When the newest verdict that a gateway knows was issued, in seconds since the Unix epoch; 0 before the first.",
    labels: [],
  },
  gatewayDrains: {
    name: "plumbline_gateway_abandoned_answers",
    type: "gauge",
    help: "Answers read on at this moment although their callers have gone away, to learn what the provider bills.",
    labels: [],
  },
  gatewayBreaker: {
    name: "plumbline_gateway_breaker_open_ratio",
    type: "gauge",
    help: "Whether a target's breaker is open: 1 open, 0.5 half open, 0 closed; absent before it first opened.",
    labels: ["target"],
  },
  policyErrors: {
    name: "plumbline_policy_errors_total",
    type: "counter",
    help: "Failed attempts to follow verdicts or to keep them on disk, by error code; each is tried again.",
    labels: ["code"],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
