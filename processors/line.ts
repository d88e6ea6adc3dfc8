import type { PartitionSession } from "../bus/bus.ts";
import type { CallSteps } from "./call-steps.ts";
import type { ProcessorsDeps } from "./deps.ts";

/** What one partition is worked with. */
export interface Line extends ProcessorsDeps {
  readonly session: PartitionSession;
  readonly steps: CallSteps;
  /** The producer id of this partition's dead letters, asked for with the first one: a bus may have to make room for it. */
  readonly letterProducer: () => Promise<string>;
}

/** The name of this stage in its metrics. */
export const stage = "processors";
