import type { PartitionSession } from "../bus/bus.ts";
import type { ProcessorsDeps } from "./deps.ts";
import type { PriceCall } from "./price-call.ts";

/** What one partition is worked with. */
export interface Line extends ProcessorsDeps {
  readonly session: PartitionSession;
  readonly priceCall: PriceCall;
  /** Producer id of this partition's dead letters. */
  readonly letterProducer: string;
}

/** The name of this stage in its metrics. */
export const stage = "processors";
