import { z } from "zod";

/** Settings of the looks at the targets of routes. */
export const looksConfig = z
  .strictObject({
    everySeconds: z
      .int()
      .min(1)
      .max(300)
      .default(5)
      .describe("Seconds between two looks at the targets of the routes."),
    settleSeconds: z
      .int()
      .min(0)
      .max(60)
      .default(2)
      .describe("Seconds that rows may take to be readable after their time of storage: a look ends that long ago."),
    longestMinutes: z
      .int()
      .min(1)
      .max(1_440)
      .default(60)
      .describe("Most that one look reaches back after a standstill, in minutes; what is older is not judged."),
  })
  .prefault({});

/** Settings of the looks at the targets of routes. */
export type LooksConfig = z.infer<typeof looksConfig>;
