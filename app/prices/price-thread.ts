import { parentPort, workerData } from "node:worker_threads";
import { resolvePrices } from "../../processors/resolve-prices.ts";
import { priceJob } from "./price-job.ts";

const { models, prices, nowMs } = priceJob.parse(workerData);
parentPort?.postMessage(
  models.flatMap(({ key, ...model }) => {
    const found = resolvePrices(model, prices, nowMs);
    return found === null ? [] : [[key, found]];
  }),
);
