import { z } from "zod";
import { driftConfig } from "./drift-config.ts";
import { embedderConfig } from "./embedder-config.ts";

const dollars = (what: string): z.ZodNumber =>
  z.number().nonnegative().max(1_000_000).describe(`Dollars per million ${what}.`);

/** A price of the operator's own, for models that the public price table does not know. Dollars per million tokens. */
const customPrice = z.strictObject({
  provider: z.string().min(1).describe("Value of gen_ai.provider.name."),
  model: z.string().min(1).describe("Exact name of the model served, or requested where no served name is known."),
  tier: z
    .enum(["standard", "flex", "batch", "priority"])
    .optional()
    .describe("Tier that it is the price of; absent is for every tier without a price of its own."),
  inputPerMillion: dollars("input tokens"),
  outputPerMillion: dollars("output tokens"),
  cacheReadPerMillion: dollars("input tokens read from cache; the input price when absent").optional(),
  cacheWritePerMillion: dollars("input tokens written to cache; the input price when absent").optional(),
  cacheWrite1hPerMillion: dollars("input tokens cached for an hour; the price of cache writes when absent").optional(),
  inputAudioPerMillion: dollars("input tokens of audio; the input price when absent").optional(),
  inputImagePerMillion: dollars("input tokens of images; the input price when absent").optional(),
  outputAudioPerMillion: dollars("output tokens of audio; the output price when absent").optional(),
  outputImagePerMillion: dollars("output tokens of images; the output price when absent").optional(),
});

/** A price of the operator's own. */
export type CustomPrice = z.infer<typeof customPrice>;

/** Invented prices of the simulated models, so that a newcomer without a provider key sees costs. */
const simulatedPrices: CustomPrice[] = [
  { provider: "simulated", model: "sim-large", inputPerMillion: 2.5, outputPerMillion: 10 },
  { provider: "simulated", model: "sim-small", inputPerMillion: 0.15, outputPerMillion: 0.6 },
];

/** Settings of the processors. */
export const processorsConfig = z
  .strictObject({
    group: z.string().min(1).default("processors").describe("Consumer group; its position lives on the bus."),
    batchBytes: z
      .int()
      .min(1_024)
      .max(268_435_456)
      .default(16_777_216)
      .describe("Bytes of bus records that make a batch full; a batch is one insert per table."),
    lingerMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(500)
      .describe("Milliseconds a batch that is not full waits for more, counted from its first record."),
    retryMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(200)
      .describe("Milliseconds before the first retry of a failed insert; doubles."),
    maxRetryMs: z
      .int()
      .min(1)
      .max(600_000)
      .default(10_000)
      .describe("Longest pause between two retries, in milliseconds."),
    drift: driftConfig,
    embedding: embedderConfig.optional(),
    prices: z
      .array(customPrice)
      .default(simulatedPrices)
      .describe("Prices of your own models; they win over the public price table."),
  })
  .prefault({});

/** Settings of the processors. */
export type ProcessorsConfig = z.infer<typeof processorsConfig>;
