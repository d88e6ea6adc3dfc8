import type { Instrument } from "./instruments.ts";

/** Instruments of what is told of calls after them. */
export const feedbackInstruments = {
  gatewayFeedback: {
    name: "plumbline_gateway_feedback_total",
    type: "counter",
    help: "Outcomes and scores of calls that were taken and are durable on the bus.",
    labels: [],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
