import { alertInstruments } from "./instruments-alerts.ts";
import { begunInstruments } from "./instruments-begun.ts";
import { budgetInstruments } from "./instruments-budgets.ts";
import { censusInstruments } from "./instruments-census.ts";
import { deliveryInstruments } from "./instruments-delivery.ts";
import { embedderInstruments } from "./instruments-embedder.ts";
import { feedbackInstruments } from "./instruments-feedback.ts";
import { gatewayInstruments } from "./instruments-gateway.ts";
import { policyInstruments } from "./instruments-policy.ts";
import { providerKeyInstruments } from "./instruments-provider-keys.ts";
import { secondBuckets } from "./second-buckets.ts";

/** What an instrument counts, in the words of `/metrics`. Units are base units: seconds, bytes, or a plain count. */
export interface Instrument {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending. */
  readonly buckets?: readonly number[];
}

/** Every instrument Plumbline has; code can raise no other, and the documentation is generated from this list. */
export const instruments = {
  ...gatewayInstruments,
  spoolUnshipped: {
    name: "plumbline_spool_unshipped_calls",
    type: "gauge",
    help: "Finished calls that are in the local spool and not yet on the bus.",
    labels: [],
  },
  spoolShipped: {
    name: "plumbline_spool_shipped_calls_total",
    type: "counter",
    help: "Finished calls that were handed to the bus.",
    labels: [],
  },
  spoolErrors: {
    name: "plumbline_spool_errors_total",
    type: "counter",
    help: "Failed attempts to write the spool or to ship from it, by error code; each is tried again.",
    labels: ["code"],
  },
  spoolFill: {
    name: "plumbline_spool_fill_ratio",
    type: "gauge",
    help: "Part of the spool's budget that is taken, of disk or memory, whichever is fuller; 1 is full.",
    labels: [],
  },
  spoolTextShed: {
    name: "plumbline_spool_text_shed_calls_total",
    type: "counter",
    help: "Finished calls that were recorded without their text, by the budget that was short.",
    labels: ["reason"],
  },
  spoolCut: {
    name: "plumbline_spool_cut_calls_total",
    type: "counter",
    help: "Finished calls of which text or attributes were cut because they were too long, by whose limit it was: record or bus.",
    labels: ["limit"],
  },
  spoolNotKept: {
    name: "plumbline_spool_not_kept_calls_total",
    type: "counter",
    help: "Finished calls whose records were not kept, by the budget that was full; tenants beyond 100 count as other.",
    labels: ["reason", "tenant"],
  },
  ...begunInstruments,
  ...censusInstruments,
  ...feedbackInstruments,
  ...policyInstruments,
  ...providerKeyInstruments,
  ...budgetInstruments,
  stageReceived: {
    name: "plumbline_stage_received_total",
    type: "counter",
    help: "Bus records a stage has read.",
    labels: ["stage"],
  },
  driftFindings: {
    name: "plumbline_drift_findings_total",
    type: "counter",
    help: "Changes of answers that were found.",
    labels: [],
  },
  stageSent: {
    name: "plumbline_stage_sent_total",
    type: "counter",
    help: "Rows a stage has handed on, by table.",
    labels: ["stage", "table"],
  },
  stageRejected: {
    name: "plumbline_stage_rejected_total",
    type: "counter",
    help: "Records a stage could not use and sent to dead letters, by error code.",
    labels: ["stage", "code"],
  },
  stageErrors: {
    name: "plumbline_stage_errors_total",
    type: "counter",
    help: "Failed attempts that are tried again, by error code.",
    labels: ["stage", "code"],
  },
  stageLag: {
    name: "plumbline_stage_lag_records",
    type: "gauge",
    help: "Bus records that a stage has not finished yet.",
    labels: ["stage", "partition"],
  },
  stageBatchSeconds: {
    name: "plumbline_stage_batch_seconds",
    type: "histogram",
    help: "Time a stage took for a batch, from its first record read to its offset committed.",
    labels: ["stage"],
    buckets: secondBuckets,
  },
  ...embedderInstruments,
  ...deliveryInstruments,
  telemetryTrusted: {
    name: "plumbline_telemetry_trusted",
    type: "gauge",
    help: "1 while what is stored counts as current and complete; 0 while it does not, or is not known, and automatic actions are frozen.",
    labels: [],
  },
  telemetryMissing: {
    name: "plumbline_telemetry_missing_calls",
    type: "gauge",
    help: "Calls of the last store.trust.windowMinutes that gateways finished and that are not stored; the first 50 tenants have names.",
    labels: ["tenant"],
  },
  telemetryOldestUnstored: {
    name: "plumbline_telemetry_oldest_unstored_seconds",
    type: "gauge",
    help: "Age of the oldest of them, at least; 0 when none is missing.",
    labels: [],
  },
  telemetryFreshness: {
    name: "plumbline_telemetry_freshness_p99_seconds",
    type: "gauge",
    help: "Time from the end of a call to its row that 99 of 100 calls of the last five minutes kept; NaN without calls.",
    labels: [],
  },
  telemetrySilentGateways: {
    name: "plumbline_telemetry_silent_gateways",
    type: "gauge",
    help: "Gateways whose reports stopped coming without a good-bye.",
    labels: [],
  },
  verdictsDecided: {
    name: "plumbline_verdicts_decided_total",
    type: "counter",
    help: "Verdicts that were issued, would have been, or were held back; renewals are not counted.",
    labels: ["action", "state"],
  },
  ...alertInstruments,
} as const satisfies Readonly<Record<string, Instrument>>;

/** The key of an instrument in the catalogue. */
export type InstrumentKey = keyof typeof instruments;

/** Label values by label name. */
export type Labels = Readonly<Record<string, string>>;

/** The meter port: raises an instrument of the catalogue. */
export interface Meter {
  /** Adds to a counter; `value` must not be negative. */
  readonly add: (instrument: InstrumentKey, value: number, labels?: Labels) => void;
  /** Sets a gauge. */
  readonly set: (instrument: InstrumentKey, value: number, labels?: Labels) => void;
  /** Records one observation of a histogram. */
  readonly observe: (instrument: InstrumentKey, value: number, labels?: Labels) => void;
}

/** A meter that keeps nothing. */
export const silentMeter: Meter = { add: () => {}, set: () => {}, observe: () => {} };
