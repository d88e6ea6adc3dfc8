import { z } from "zod";
import { assignmentUnits } from "../../core/verdict.ts";

const name = z.string().min(1).max(256);

/** What somebody asks for who starts a canary. */
export const startRollout = z
  .strictObject({
    route: name.describe("Route on which it runs."),
    candidate: name.describe("Variant of the target that is on trial; it may have the weight 0."),
    plan: name.optional().describe("Name of a plan; absent means the one that is configured."),
    unit: z.enum(assignmentUnits).default("request").describe("What is assigned to the candidate, and counted."),
    traffic: z
      .enum(["gateway", "external"])
      .optional()
      .describe("Who shifts the traffic: the gateway, as when absent, or somebody else, to whom it is only told."),
    namespace: z.string().max(256).optional().describe("With external traffic: where its name is unique."),
    name: name
      .optional()
      .describe("With external traffic: what it is called there; absent means the candidate's name."),
    checksum: z.string().max(256).optional().describe("With external traffic: changes with what is on trial."),
    baseline: name.optional().describe("With external traffic: the variant to compare with; absent means all others."),
  })
  .superRefine((asked, context) => {
    const isExternal = asked.traffic === "external";
    const refuse = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (isExternal && asked.unit !== "request") {
      refuse("unit", "must be request with external traffic: who was assigned to what is not known");
    }
    for (const field of ["namespace", "name", "checksum", "baseline"] as const) {
      if (!isExternal && asked[field] !== undefined) refuse(field, "goes with external traffic only");
    }
    if (asked.baseline === asked.candidate) refuse("baseline", "must differ from the candidate");
  });

/** What somebody asks for who starts a canary. */
export type StartRollout = z.infer<typeof startRollout>;
