import type { PartitionSession } from "../bus/bus.ts";
import type { CallSteps } from "./call-steps.ts";
import type { ProcessorsDeps } from "./deps.ts";
import type { Embedder } from "./embedder.ts";

/** What one partition is worked with. */
export interface Line extends ProcessorsDeps {
  readonly session: PartitionSession;
  readonly steps: CallSteps;
  /** Null where no endpoint is configured. */
  readonly embedder: Embedder | null;
  /** The producer id of this partition's dead letters, asked for with the first one: a bus may have to make room for it. */
  readonly letterProducer: () => Promise<string>;
}

/** The name of this stage in its metrics. */
export const stage = "processors";
