import { z } from "zod";
import { contentPolicies } from "../core/outcomes.ts";
import { attemptLimits, retryConfig } from "./attempts/retry-config.ts";
import { compliance, demandFields, region } from "./constraints/place-config.ts";
import { hedgeConfig } from "./hedge/hedge-config.ts";
import { tokenCap } from "./keys/key-config.ts";
import { shadowConfig } from "./shadows/shadow-config.ts";

const target = z.strictObject({
  provider: z.string().min(1).describe("Name of an entry of providers."),
  model: z.string().min(1).optional().describe("Model to ask that provider for; absent means the model requested."),
  pin: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      "Name under which the provider must answer, exactly, such as `gpt-4o-2024-08-06`; another one is told with its first answer. Absent pins nothing.",
    ),
  weight: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(100)
    .describe("Share of the calls, relative to the other targets; 0 takes none until a canary or a tier does."),
  variant: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      "Name of this target on the spans; absent means provider/model, or provider when the model is not renamed.",
    ),
  cost: z
    .number()
    .min(0)
    .optional()
    .describe("What it costs, in any unit that all targets of the route share; read by `balance: cost` alone."),
  region: region.describe(
    "Where it answers, by a name of your own; absent means its provider's region, if that has one.",
  ),
  compliance: compliance.describe("What it complies with, by names of your own; absent means what its provider does."),
  class: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      "Class of model that it belongs to: with `fallback: class` targets of one class stand in for each other.",
    ),
});

/** A route: the models it serves and the targets its calls are spread over. */
export const routeConfig = z.strictObject({
  models: z
    .array(z.string().min(1))
    .min(1)
    .describe("Models served, by exact name; `*` serves every model that no other route lists."),
  isByNameOnly: z
    .boolean()
    .default(false)
    .describe("True when only calls whose x-plumbline-route header names the route take it."),
  targets: z
    .array(target)
    .min(1)
    .describe("Where calls go, as `balance` says; only those with a weight above 0 are picked."),
  balance: z
    .enum(["weight", "latency", "least_busy", "cost"])
    .default("weight")
    .describe(
      "How targets share the calls: by weight; the quicker of two drawn at random; the one with the fewest calls under way; the cheapest that is well. A canary's share is always kept.",
    ),
  fallback: z
    .union([z.literal("class"), z.array(z.string().min(1)).max(16)])
    .default([])
    .describe(
      "Variants of this route that are asked in turn when the target picked fails before its first content, or `class`: the others of its class. Empty asks nobody else.",
    ),
  retry: retryConfig.describe("When a call is tried again; without `fallback` and with perTarget 1 it never is."),
  limits: attemptLimits.describe("How long a target may keep a caller waiting."),
  hedge: hedgeConfig
    .optional()
    .describe(
      "When a second target of `fallback` is asked beside one whose stream is slow to begin: whichever has content first answers. Absent asks no second one.",
    ),
  shadow: shadowConfig
    .optional()
    .describe("Calls that are sent a second time, to look at what a target makes of them; absent sends none."),
  floor: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe("Targets with a weight above 0 that verdicts must leave; one that would leave fewer has to wait."),
  maxInputTokens: tokenCap
    .optional()
    .describe("Most input tokens of a call, counted as estimated from its text; a longer one is refused."),
  maxOutputTokens: tokenCap
    .optional()
    .describe("Most output tokens that a call may ask for; one that asks for no number gets this one."),
  ...demandFields,
  contentPolicy: z
    .enum(contentPolicies)
    .optional()
    .describe("What is kept of the text; absent means the gateway's policy."),
});

/** The parsed settings of one route. */
export type RouteConfig = z.infer<typeof routeConfig>;

/** The parsed settings of one target of a route. */
export type TargetConfig = z.infer<typeof target>;
