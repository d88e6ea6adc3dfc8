import { z } from "zod";

/** What the thread that knows the public price table is asked. */
export const priceJob = z.object({
  models: z.array(z.object({ key: z.string(), provider: z.string(), model: z.string() })),
  prices: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      inputPerMillion: z.number(),
      outputPerMillion: z.number(),
      cacheReadPerMillion: z.number().optional(),
      cacheWritePerMillion: z.number().optional(),
    }),
  ),
  nowMs: z.number(),
});

const rate = z.number();

/** What it answers: the prices it knows, by key. */
export const pricesFound = z.array(
  z.tuple([
    z.string(),
    z.object({
      steps: z.array(z.object({ fromTokens: rate, input: rate, output: rate, cacheRead: rate, cacheWrite: rate })),
      contextWindow: z.number().nullable(),
    }),
  ]),
);
