import { z } from "zod";
import { blessedConfig } from "./blessed.ts";
import { incidentConfig } from "./incidents.ts";

/** Settings of the detector of drift. */
export const driftConfig = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether answers are compared with those of before."),
    everySeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(10)
      .describe("Seconds between two looks for minutes that are over."),
    closeSeconds: z
      .int()
      .min(0)
      .max(3_600)
      .default(120)
      .describe("Seconds after its end at which a minute is over: calls whose rows come later are not compared."),
    baselineAnswers: z
      .int()
      .min(50)
      .max(100_000)
      .default(5_000)
      .describe("Answers of a model that become the baseline of its later ones; comparing begins at `leastAnswers`."),
    leastAnswers: z
      .int()
      .min(20)
      .max(100_000)
      .default(100)
      .describe(
        "Answers that a baseline must have for others to be compared with it, also that of the version before.",
      ),
    mostModels: z
      .int()
      .min(1)
      .max(10_000)
      .default(500)
      .describe(
        "Models on routes that are compared by themselves, each with up to 8 prompts at a time; further tenants are compared together. A model has some 50 series, and 10,000 series take some 10 seconds a minute.",
      ),
    incidents: z
      .array(incidentConfig)
      .max(1_000)
      .default([])
      .describe("Times that are compared with nothing, and with which nothing is compared."),
    baselines: z
      .array(blessedConfig)
      .max(1_000)
      .default([])
      .describe("Spans of answers that were found good: hours are held against them for good, whatever comes later."),
    falseAlarmsPerWeek: z
      .number()
      .positive()
      .max(1_000)
      .default(1)
      .describe("False alarms a week, over all series together, that are accepted."),
  })
  .prefault({});

/** Settings of the detector of drift. */
export type DriftConfig = z.infer<typeof driftConfig>;
