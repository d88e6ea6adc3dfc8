import { z } from "zod";

/** Settings of the gateway's spool: the local files that hold finished calls until they are on the bus. */
export const spoolConfig = z
  .strictObject({
    segmentBytes: z
      .int()
      .min(4_096)
      .max(1_073_741_824)
      .default(67_108_864)
      .describe(
        "Bytes after which a spool file is closed and the next begun; a file goes when all of it is on the bus.",
      ),
    budgetBytes: z
      .int()
      .min(4_096)
      .max(1_099_511_627_776)
      .default(1_073_741_824)
      .describe("Bytes that may wait for the bus; what happens at their end is the policy `whenFull`."),
    whenFull: z
      .enum(["shed_content_then_refuse", "serve_and_count"])
      .default("shed_content_then_refuse")
      .describe(
        "At the budget, `shed_content_then_refuse` refuses new calls with status 503, and from `shedAt` on records calls without their text; `serve_and_count` serves them and keeps no record, but counts it for its tenant.",
      ),
    shedAt: z
      .number()
      .gt(0)
      .max(1)
      .default(0.8)
      .describe(
        "Part of the budget from which on calls are recorded without their text; 1 records text up to the end.",
      ),
    memoryBytes: z
      .int()
      .min(4_096)
      .max(4_294_967_296)
      .default(67_108_864)
      .describe(
        "Bytes that may wait in memory while the spool cannot be written; a second budget, with the same policy.",
      ),
    maxRecordBytes: z
      .int()
      .min(1_024)
      .max(67_108_864)
      .default(950_000)
      .describe(
        "Bytes of calls that make a bus record full. A longer call loses text until it fits, and keeps its numbers; leave some bytes to the largest record that the bus takes.",
      ),
    lingerMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(20)
      .describe("Milliseconds a bus record that is not full waits for more calls."),
    maxRetryMs: z
      .int()
      .min(10)
      .max(600_000)
      .default(5_000)
      .describe("Longest pause between two attempts to write the spool or to reach the bus, in milliseconds."),
    recoverEveryMs: z
      .int()
      .min(100)
      .max(3_600_000)
      .default(10_000)
      .describe(
        "Milliseconds between two looks for calls that dead gateways left in the folder, and between two signs of life of this one.",
      ),
    missedSigns: z
      .int()
      .min(3)
      .max(1_000)
      .default(6)
      .describe(
        "Signs of life that a gateway of another machine or container may miss before it counts as dead; of this one the process itself tells.",
      ),
    stopMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(5_000)
      .describe("Milliseconds a stopping gateway waits for the bus; what is left is shipped at the next start."),
  })
  .prefault({});

/** Settings of the gateway's spool. */
export type SpoolConfig = z.infer<typeof spoolConfig>;
