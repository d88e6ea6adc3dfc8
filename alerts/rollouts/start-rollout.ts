import { z } from "zod";
import { assignmentUnits } from "../../core/verdict.ts";

const name = z.string().min(1).max(256);

/** What somebody asks for who starts a canary. */
export const startRollout = z.strictObject({
  route: name.describe("Route on which it runs."),
  candidate: name.describe("Variant of the target that is on trial; it may have the weight 0."),
  plan: name.optional().describe("Name of a plan; absent means the one that is configured."),
  unit: z.enum(assignmentUnits).default("request").describe("What is assigned to the candidate, and counted."),
});

/** What somebody asks for who starts a canary. */
export type StartRollout = z.infer<typeof startRollout>;
