import type { Instrument } from "./instruments.ts";

/** What is counted of telling receivers of alerts. */
export const deliveryInstruments = {
  deliveryLooks: {
    name: "plumbline_delivery_looks_total",
    type: "counter",
    help: "Looks at groups of alerts, by receiver and by why it was told or not.",
    labels: ["receiver", "reason"],
  },
  deliverySent: {
    name: "plumbline_delivery_sent_total",
    type: "counter",
    help: "Notifications that have arrived, by receiver and by why it was told.",
    labels: ["receiver", "reason"],
  },
  deliveryErrors: {
    name: "plumbline_delivery_errors_total",
    type: "counter",
    help: "Failed tries to send a notification, by error code.",
    labels: ["receiver", "code"],
  },
  deliveryDropped: {
    name: "plumbline_delivery_dropped_total",
    type: "counter",
    help: "Notifications that became dead letters, by reason.",
    labels: ["receiver", "reason"],
  },
  deliveryQueued: {
    name: "plumbline_delivery_queued_notifications",
    type: "gauge",
    help: "Notifications that wait for a receiver, without the one that is being sent.",
    labels: ["receiver"],
  },
  deliveryLettersDropped: {
    name: "plumbline_delivery_letters_dropped_total",
    type: "counter",
    help: "Dead letters of notifications that were dropped because there were more than alerts.delivery.deadLetterLimit.",
    labels: [],
  },
  deliveryReceived: {
    name: "plumbline_delivery_received_total",
    type: "counter",
    help: "Alerts that an Alertmanager told us of: taken, our own that came back and were left alone, and payloads that were unreadable.",
    labels: ["result"],
  },
  deliveryEventsDropped: {
    name: "plumbline_delivery_events_dropped_total",
    type: "counter",
    help: "Events of notifications that the store did not take; the notifications themselves were sent or saved.",
    labels: [],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
