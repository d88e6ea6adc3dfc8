import { z } from "zod";

/** When what is stored counts as current and complete; beyond these limits automatic actions freeze. */
export const trustConfig = z
  .strictObject({
    windowMinutes: z
      .int()
      .min(2)
      .max(1_440)
      .default(30)
      .describe("Minutes that are looked back over; a call that is missing longer than this no longer counts."),
    everySeconds: z.int().min(1).max(3_600).default(5).describe("Seconds between two looks."),
    freshnessSeconds: z
      .number()
      .positive()
      .max(86_400)
      .default(5)
      .describe("Seconds from the end of a call to its row that 99 of 100 calls of the last five minutes must keep."),
    graceSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(10)
      .describe("Seconds that a finished call may be on its way; only an older one counts as missing."),
    missingRatio: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe("Part of the finished calls that may be missing for longer than that; 0 allows none."),
    clockSeconds: z
      .number()
      .positive()
      .max(3_600)
      .default(2)
      .describe(
        "Seconds that a gateway's clock may differ from the processors' clocks; every age is right to within it.",
      ),
    withoutReports: z
      .enum(["distrust", "trust"])
      .default("distrust")
      .describe(
        "What holds while no gateway, or not every one, tells what it finished: `distrust`, or `trust` in what is stored, as where only foreign collectors send.",
      ),
  })
  .prefault({})
  .describe("When what is stored counts as current and complete; beyond these limits automatic actions freeze.");

/** When what is stored counts as current and complete. */
export type TrustConfig = z.infer<typeof trustConfig>;
