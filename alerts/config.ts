import { z } from "zod";
import { rulesConfig } from "./rules/rules-config.ts";

/** Settings of the alerts. */
export const alertsConfig = z
  .strictObject({
    externalUrl: z
      .string()
      .regex(/^https?:\/\/\S+$/, "expected a URL that begins with http:// or https://")
      .default("http://127.0.0.1:8081")
      .describe("Address of the console as people reach it; alerts link to it."),
    rules: rulesConfig,
  })
  .prefault({});
