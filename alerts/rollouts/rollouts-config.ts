import { z } from "zod";
import { namedPlans } from "../canary/plan.ts";

const shares = z
  .array(z.number().gt(0).max(1))
  .min(1)
  .max(20)
  .refine((steps) => steps.every((share, index) => index === 0 || share > (steps[index - 1] ?? 0)), {
    message: "must ascend",
  });

/** Settings of canaries. */
export const rolloutsConfig = z
  .strictObject({
    plans: z
      .record(z.string().min(1).max(64), shares)
      .prefault({})
      .describe("Plans of your own, by name: the shares of traffic that a candidate gets, one after the other."),
    plan: z
      .string()
      .min(1)
      .default("1-5-25-50-100")
      .describe("Plan of a canary that names none; one of plans, or of those that ship."),
    alphaFail: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.01)
      .describe(
        "Probability that a candidate which does no harm is ever rolled back, over all metrics, stages and looks.",
      ),
    alphaPass: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.05)
      .describe("Probability that a metric at a stage's margin is ever taken for one that stays below it."),
    needsEvals: z
      .boolean()
      .default(false)
      .describe(
        "Whether a canary leaves its first stage only once an eval of it was posted that passed, and none that failed.",
      ),
    embeddingWeight: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .describe(
        "Share of the decision that the wording of answers has, by their embeddings: for canaries that must not change what is answered, such as of a provider or a region; 0 leaves it out.",
      ),
    keptDays: z.int().min(1).max(400).default(30).describe("Days for which canaries that are over are listed."),
  })
  .superRefine(({ plans, plan }, context) => {
    if (!(plan in plans) && !(plan in namedPlans)) {
      context.addIssue({
        code: "custom",
        path: ["plan"],
        message: `there is no plan "${plan}"; the plans are ${[...Object.keys(plans), ...Object.keys(namedPlans)].join(", ")}`,
      });
    }
  })
  .prefault({});

/** Settings of canaries. */
export type RolloutsConfig = z.infer<typeof rolloutsConfig>;
