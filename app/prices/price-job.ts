import { z } from "zod";
import { serviceTiers } from "../../core/service-tier.ts";
import { processorsConfig } from "../../processors/config.ts";

/** What the thread that knows the public price table is asked. */
export const priceJob = z.object({
  models: z.array(z.object({ key: z.string(), provider: z.string(), model: z.string() })),
  prices: processorsConfig.unwrap().shape.prices.unwrap(),
  nowMs: z.number(),
});

const rate = z.number();

const step = z.object({
  fromTokens: rate,
  ...{ input: rate, inputAudio: rate, inputImage: rate },
  ...{ cacheRead: rate, cacheReadAudio: rate, cacheReadImage: rate, cacheWrite: rate, cacheWrite1h: rate },
  ...{ output: rate, outputAudio: rate, outputImage: rate },
});

/** What it answers: the prices it knows, by key. */
export const pricesFound = z.array(
  z.tuple([
    z.string(),
    z.object({
      steps: z.array(step),
      tiers: z.partialRecord(z.enum(serviceTiers), z.array(step)),
      contextWindow: z.number().nullable(),
    }),
  ]),
);
