import { z } from "zod";

/** Settings of the console, the live page and its API. */
export const consoleConfig = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default("127.0.0.1")
      .describe("Address to listen on. The console has no log-in: open it to other machines only behind one that has."),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(8081)
      .describe("TCP port of the page, the API and /metrics; 0 takes any free one."),
    refreshSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(5)
      .describe("Seconds from the end of one refresh of the page to the next."),
    answerSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(15)
      .describe(
        "Seconds a question may take before the API answers 503; the page then tries again at its next refresh.",
      ),
  })
  .prefault({});

/** Settings of the console, with every default filled in. */
export type ConsoleConfig = z.infer<typeof consoleConfig>;
