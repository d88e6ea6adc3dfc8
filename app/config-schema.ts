import { z } from "zod";
import { alertsConfig } from "../alerts/config.ts";
import { busConfig } from "../bus/config.ts";
import { verdictsConfig } from "../config/verdicts-config.ts";
import { consoleConfig } from "../dashboards/config.ts";
import { gatewayConfig } from "../gateway/config.ts";
import { processorsConfig } from "../processors/config.ts";
import { storeConfig } from "../store/config.ts";
import { probesConfig } from "./probes/probes-config.ts";

/** The whole of `plumbline.yaml`. Everything has a default: an empty file runs everything, embedded. */
export const configSchema = z.strictObject({
  data: z
    .strictObject({
      dir: z.string().min(1).default("plumbline-data").describe("Folder of everything that is kept; made when absent."),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(["info", "warn", "error", "silent"]).default("info").describe("Least severity that is written."),
    })
    .prefault({}),
  bus: busConfig,
  store: storeConfig,
  gateway: gatewayConfig,
  processors: processorsConfig,
  alerts: alertsConfig,
  verdicts: verdictsConfig,
  probes: probesConfig,
  console: consoleConfig,
});

/** A complete configuration. */
export type Config = z.infer<typeof configSchema>;
