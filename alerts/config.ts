import { z } from "zod";
import { actionsConfig } from "./actions/actions-config.ts";
import { apiConfig } from "./api/api-config.ts";
import { deliveryConfig } from "./delivery/delivery-config.ts";
import { looksConfig } from "./looks/looks-config.ts";
import { rerouteConfig } from "./reroute/reroute-config.ts";
import { rolloutsConfig } from "./rollouts/rollouts-config.ts";
import { rulesConfig } from "./rules/rules-config.ts";
import { verdictsConfig } from "./verdicts/verdicts-config.ts";

/** Settings of the alerts stage. */
export const alertsConfig = z
  .strictObject({
    api: apiConfig.describe("The API of canaries and the hooks of those who shift traffic themselves."),
    externalUrl: z
      .string()
      .regex(/^https?:\/\/\S+$/, "expected a URL that begins with http:// or https://")
      .default("http://127.0.0.1:8081")
      .describe("Address of the console as people reach it; alerts link to it."),
    rules: rulesConfig.describe("Alert rules."),
    actions: actionsConfig.describe("What alerts do besides being told."),
    looks: looksConfig.describe("Looks at what came of the targets of each route."),
    reroute: rerouteConfig.describe("Traffic that is taken from targets which got slow or fail, and given back."),
    canaries: rolloutsConfig.describe("Canaries: targets that get traffic step by step while they are judged."),
    delivery: deliveryConfig.describe("Who is told of alerts, and how."),
    verdicts: verdictsConfig.describe("What bounds the verdicts that are issued."),
  })
  .prefault({});

/** The parsed settings of the alerts stage. */
export type AlertsConfig = z.infer<typeof alertsConfig>;
