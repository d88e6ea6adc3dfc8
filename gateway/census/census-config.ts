import { z } from "zod";

/** Settings of the gateway's reports on the calls that it has finished. */
export const censusConfig = z
  .strictObject({
    reportMs: z
      .int()
      .min(100)
      .max(60_000)
      .default(2_000)
      .describe("Milliseconds between two reports on finished calls, by which missing rows are found."),
    stopMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(2_000)
      .describe("Milliseconds that a stopping gateway waits for the bus to take its last report."),
  })
  .prefault({});

/** Settings of the gateway's reports on the calls that it has finished. */
export type CensusConfig = z.infer<typeof censusConfig>;
