import type { Instrument } from "./instruments.ts";
import { secondBuckets } from "./second-buckets.ts";

/** What gateways raise about the calls they serve. */
export const gatewayInstruments = {
  gatewayCalls: {
    name: "plumbline_gateway_calls_total",
    type: "counter",
    help: "Calls finished by this gateway, by outcome.",
    labels: ["route", "outcome"],
  },
  gatewayRejected: {
    name: "plumbline_gateway_rejected_total",
    type: "counter",
    help: "Requests refused before they became a call, by error code.",
    labels: ["code"],
  },
  gatewayShadows: {
    name: "plumbline_gateway_shadow_calls_total",
    type: "counter",
    help: "Calls that were sent a second time and have ended, by outcome; in no other count of calls of the gateway.",
    labels: ["route", "outcome"],
  },
  gatewayShadowsDropped: {
    name: "plumbline_gateway_shadow_calls_dropped_total",
    type: "counter",
    help: "Calls that were drawn to be sent a second time and were not: draining, no_room, breaker_open, no_key, unsupported, too_many or failed.",
    labels: ["route", "reason"],
  },
  gatewayHedges: {
    name: "plumbline_gateway_hedges_total",
    type: "counter",
    help: "Second attempts made beside a slow first one, by result: won, lost, stood_in (the first failed), failed or dropped (the call ended).",
    labels: ["route", "result"],
  },
  gatewayHedgesDenied: {
    name: "plumbline_gateway_hedges_denied_total",
    type: "counter",
    help: "Streams that were slow to begin and got no second attempt: draining, canary, unsafe, attempts, no_target, breaker_open, unpriced, cost, share or budget.",
    labels: ["route", "reason"],
  },
  gatewayInFlight: {
    name: "plumbline_gateway_calls_in_flight",
    type: "gauge",
    help: "Calls under way at this moment.",
    labels: [],
  },
  gatewayTtft: {
    name: "plumbline_gateway_ttft_seconds",
    type: "histogram",
    help: "Time from request to first content delta of streamed calls.",
    labels: ["route"],
    buckets: secondBuckets,
  },
  gatewayOverhead: {
    name: "plumbline_gateway_overhead_seconds",
    type: "histogram",
    help: "Time that the gateway itself added to a call: before it was sent, after the last of the answer came, and waiting for the event loop.",
    labels: [],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
