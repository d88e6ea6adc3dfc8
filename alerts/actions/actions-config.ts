import { z } from "zod";

/** Settings of what alerts do besides being told. */
export const actionsConfig = z
  .strictObject({
    rerouteFactor: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.1)
      .describe("What is left of the weight of a target while an alert that asks to reroute fires for it."),
    tiers: z
      .record(z.string().min(1), z.string().min(1))
      .prefault({})
      .describe("By route the variant of the cheaper target that gets all calls while an alert asks to degrade."),
  })
  .prefault({});

/** Settings of what alerts do besides being told. */
export type ActionsConfig = z.infer<typeof actionsConfig>;
