import { z } from "zod";
import { secret } from "../config/secret.ts";
import { contentPolicies } from "../core/outcomes.ts";
import { abortDrainConfig } from "./abort-drains.ts";
import { budgetConfig } from "./budgets/budget-config.ts";
import { checkLimits } from "./budgets/check-limits.ts";
import { censusConfig } from "./census/census-config.ts";
import { checkConstraints } from "./constraints/check-constraints.ts";
import { breakerConfig } from "./health/breaker-config.ts";
import { isRecord } from "./is-record.ts";
import { checkKeys } from "./keys/check-keys.ts";
import { keyConfig } from "./keys/key-config.ts";
import { checkProviderKeys } from "./provider-keys/check-provider-keys.ts";
import { keyPauseConfig } from "./provider-keys/key-ring-config.ts";
import { providerConfig } from "./providers/provider-config.ts";
import { checkRoutes } from "./route-checks.ts";
import { routeConfig } from "./route-config.ts";
import { spoolConfig } from "./telemetry/spool-config.ts";

const timeouts = z.strictObject({
  connectMs: z.int().min(1).max(600_000).default(5_000).describe("Milliseconds to open a connection to a provider."),
  headersMs: z
    .int()
    .min(1)
    .max(3_600_000)
    .default(300_000)
    .describe(
      "Milliseconds from sending a call to the first byte of the answer; without streaming that is the whole answer.",
    ),
  idleMs: z
    .int()
    .min(1)
    .max(3_600_000)
    .default(120_000)
    .describe("Milliseconds of silence between two chunks of an answer; a longer silence ends the call as stalled."),
  totalMs: z.int().min(1).max(86_400_000).default(900_000).describe("Milliseconds that a call may take altogether."),
});

const callerTimeouts = z.strictObject({
  headersMs: z
    .int()
    .min(10)
    .max(3_600_000)
    .default(20_000)
    .describe(
      "Milliseconds from the start of a request, or of a new connection, until its headers are there; never more than requestMs.",
    ),
  requestMs: z
    .int()
    .min(10)
    .max(3_600_000)
    .default(300_000)
    .describe("Milliseconds from the start of a request until its body is there too; one that is slower is cut off."),
});

const fields = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on."),
  port: z.int().min(0).max(65_535).default(8080).describe("Port to listen on; 0 takes any free one."),
  bodyLimitBytes: z
    .int()
    .min(1_024)
    .max(1_073_741_824)
    .default(10_485_760)
    .describe("Largest request body accepted, in bytes."),
  timeouts: timeouts.prefault({}).describe("How long the gateway waits for a provider."),
  callerTimeouts: callerTimeouts
    .prefault({})
    .describe("How long the gateway waits for a caller's request, however slowly its bytes drip in."),
  breaker: breakerConfig.describe("When a target that keeps failing is left alone."),
  abortDrain: abortDrainConfig.describe(
    "What is read of answers whose callers have gone away, of providers that bill them all the same.",
  ),
  shadowsUnderWay: z
    .int()
    .min(0)
    .max(10_000)
    .default(32)
    .describe("Shadows of calls under way at the same time, over all routes; further ones are not sent."),
  drainMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(30_000)
    .describe("Milliseconds that calls under way may take to finish when the gateway stops; 0 aborts them at once."),
  contentPolicy: z
    .enum(contentPolicies)
    .default("redacted")
    .describe("What is kept of the text of calls; a route may say otherwise."),
  contentLimitBytes: z
    .int()
    .min(0)
    .max(1_048_576)
    .default(65_536)
    .describe("Bytes of text kept of each message list, input and output; the rest is cut and marked."),
  userHashKey: secret()
    .optional()
    .describe("Key of the hash that stands for the request's `user`; absent means that no hash is kept."),
  keys: z
    .array(keyConfig)
    .default([])
    .describe("Virtual keys; with any configured, every call needs one. An empty list lets everybody in."),
  keyPauses: keyPauseConfig.describe("How long one of a provider's several keys is left alone."),
  budgets: budgetConfig,
  spool: spoolConfig,
  census: censusConfig,
  providers: z
    .record(z.string().min(1), providerConfig)
    .prefault({})
    .describe("Providers by name. `simulated` and `recorded` exist without being named here."),
  routes: z
    .record(z.string().min(1), routeConfig)
    .prefault({
      default: { models: ["sim-large", "sim-small"], targets: [{ provider: "simulated" }] },
      replay: { models: ["*"], isByNameOnly: true, targets: [{ provider: "recorded" }] },
    })
    .describe(
      "Routes by name; a call takes the route that lists its model, or the one its x-plumbline-route header names.",
    ),
});

/** Settings of the gateway; `{}` serves two simulated models and a route that replays recordings. */
export const gatewayConfig = fields
  .superRefine(
    (config, context) => {
      // It runs beside other mistakes too, so that all are named at once; then only what it reads must have its shape.
      const hasKeys = fields.shape.keys.safeParse(config.keys).success && isRecord(config.routes);
      const hasLimits = hasKeys && fields.shape.budgets.safeParse(config.budgets).success && isRecord(config.budgets);
      const isReadable = fields.shape.routes.safeParse(config.routes).success && isRecord(config.providers);
      const hasProviders = fields.shape.providers.safeParse(config.providers).success && isRecord(config.providers);
      const problems = [
        ...(hasProviders ? checkProviderKeys(config.providers) : []),
        ...(isReadable ? checkRoutes(config) : []),
        ...(hasProviders && isReadable && hasKeys ? checkConstraints(config) : []),
        ...(hasKeys ? checkKeys(config.keys, config.routes) : []),
        ...(hasLimits ? checkLimits(config.budgets.limits, config.keys) : []),
      ];
      for (const problem of problems) {
        context.addIssue({ code: "custom", path: [...problem.path], message: problem.message });
      }
    },
    { when: ({ value }) => isRecord(value) },
  )
  .prefault({});

/** The parsed settings of the gateway. */
export type GatewayConfig = z.infer<typeof gatewayConfig>;
