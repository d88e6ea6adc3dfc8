import { z } from "zod";

const probe = z.strictObject({
  route: z.string().min(1).describe("Route that is probed: one that is taken by name only keeps probes to one target."),
  model: z.string().min(1).describe("Model that is asked for."),
  prompts: z
    .array(z.string().min(1).max(20_000))
    .min(1)
    .max(200)
    .describe("What is asked, always the same: a round asks all of them, one after the other."),
  everyMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .default(60)
    .describe("Minutes from the begin of one round to that of the next."),
  budgetUsdPerDay: z
    .number()
    .positive()
    .max(100_000)
    .describe(
      "Dollars that probes of the route may cost in 24 hours. While no call of theirs has a price, a round is one prompt.",
    ),
  temperature: z.number().min(0).max(2).optional().describe("Sent with each prompt; absent sends none."),
  url: z.url().optional().describe("Address of the gateway; absent means the one configured here."),
});

/** Settings of the probes; there are none by default. */
export const probesConfig = z
  .array(probe)
  .max(100)
  .default([])
  .describe("Prompts that are asked again and again, so that a model that changes under its name is told.");

/** Settings of one probe. */
export type ProbeConfig = z.infer<typeof probe>;
