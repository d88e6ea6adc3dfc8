import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PriceBook } from "../../gateway/budgets/token-prices.ts";
import type { Config } from "../config-schema.ts";
import { pricesFound } from "./price-job.ts";
import { routeModels } from "./route-models.ts";

/**
 * The prices of the models that the routes name; none when no limit is in dollars. The public table is read in a thread that
 * ends, because a gateway would carry its tens of megabytes for the few numbers that it needs.
 */
export const loadPrices = async (
  { gateway, processors }: Pick<Config, "gateway" | "processors">,
  nowMs: number,
): Promise<PriceBook> => {
  if (!gateway.budgets.limits.some((limit) => inDollars.some((name) => limit[name] !== undefined))) {
    return new Map();
  }
  const workerData = { models: routeModels(gateway), prices: processors.prices, nowMs };
  const thread = new Worker(new URL("./price-thread.ts", import.meta.url), { workerData });
  try {
    const [found] = await once(thread, "message");
    return new Map(pricesFound.parse(found));
  } finally {
    await thread.terminate();
  }
};

const inDollars = ["dollarsPerHour", "dollarsPerDay", "dollarsPerMonth"] as const;
