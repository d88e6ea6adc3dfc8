import { z } from "zod";
import { receiverConfig } from "./receiver-config.ts";
import { matcherText, rootRoute } from "./route-config.ts";
import type { RouteSettings } from "./route-tree.ts";

/** What mutes what without being configured: consequences are not told beside their cause. */
const shippedInhibitions = [
  {
    source: ['category="provider_outage"', 'provider=~".+"'],
    target: ['category=~"drift|canary"'],
    equal: ["provider"],
  },
  { source: ['category="provider_outage"', 'route=~".+"'], target: ['category=~"drift|canary"'], equal: ["route"] },
  { source: ['category="canary"', 'verdict="fail"'], target: ['category="drift"'], equal: ["route", "variant"] },
  {
    source: ['category="canary"', 'verdict="invalid"'],
    target: ['category="canary"', 'verdict!="invalid"'],
    equal: ["route"],
  },
];

const inhibition = z.strictObject({
  source: z.array(matcherText).min(1).describe("Conditions on the alert that mutes others while it fires."),
  target: z.array(matcherText).min(1).describe("Conditions on the alerts that it mutes."),
  equal: z.array(z.string()).default([]).describe("Labels that both must have alike; lacking one counts as alike."),
});

const retry = z
  .strictObject({
    baseMs: z.int().min(1).max(60_000).default(1_000).describe("Upper bound of the first pause, in milliseconds."),
    maxMs: z.int().min(1).max(3_600_000).default(60_000).describe("Upper bound of every pause; doubling ends there."),
    giveUpSeconds: z
      .int()
      .min(1)
      .max(604_800)
      .default(3_600)
      .describe("Seconds after which a notification that does not arrive becomes a dead letter."),
    timeoutMs: z.int().min(100).max(600_000).default(10_000).describe("Milliseconds that one try may take."),
  })
  .prefault({});

const fields = z.strictObject({
  receivers: z
    .record(z.string().min(1).max(128), receiverConfig)
    .default({})
    .describe("Who is told, by name. `log` exists without being named here: it writes to Plumbline's own log."),
  route: rootRoute.prefault({}).describe("The routing tree; without one, everything goes to `log`."),
  inhibitions: z
    .array(inhibition)
    .prefault(shippedInhibitions)
    .describe("Alerts that mute others while they fire; a list of your own replaces this one."),
  retry,
  queueLimit: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe("Notifications that wait for one receiver; beyond it the oldest becomes a dead letter."),
  deadLetterLimit: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe("Dead letters that are kept for one to look at; beyond it the oldest is dropped and counted."),
  graceSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe("Seconds after a start for which an alert that fired before is believed to fire still."),
  outsideSeconds: z
    .int()
    .min(60)
    .max(604_800)
    .default(18_000)
    .describe(
      "Seconds for which an alert that an Alertmanager told us of is believed to fire: longer than its repeat_interval.",
    ),
});

/** Settings of telling people and systems of alerts. */
export const deliveryConfig = fields
  .superRefine((config, context) => {
    const names = new Set(["log", ...Object.keys(config.receivers)]);
    for (const problem of receiverProblems(config.route, names)) {
      context.addIssue({ code: "custom", path: ["route", ...problem.path, "receiver"], message: problem.message });
    }
  })
  .prefault({});

/** Settings of telling people and systems of alerts. */
export type DeliveryConfig = z.infer<typeof deliveryConfig>;

interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const receiverProblems = (route: RouteSettings, names: ReadonlySet<string>): readonly Problem[] => {
  const isKnown = route.receiver === undefined || names.has(route.receiver);
  const below = route.routes.flatMap((each, index) =>
    receiverProblems(each, names).map(({ path, message }) => ({ path: ["routes", index, ...path], message })),
  );
  return isKnown ? below : [{ path: [], message: `there is no receiver ${route.receiver}` }, ...below];
};
