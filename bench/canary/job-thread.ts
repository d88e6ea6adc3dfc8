import { parentPort } from "node:worker_threads";
import { canaryJobs } from "./canary-jobs.ts";
import { jobOrder, toldResults } from "./job-message.ts";

parentPort?.on("message", (order: unknown) => {
  const { name, runs } = jobOrder.parse(order);
  const found = canaryJobs(runs).find((job) => job.name === name);
  if (found === undefined) throw new RangeError(`there is no job ${name}`);
  parentPort?.postMessage(toldResults(found.run()));
});
