import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { CanaryJob, CellResult } from "./canary-jobs.ts";
import { canaryJobs } from "./canary-jobs.ts";
import { readResults } from "./job-message.ts";

/**
 * Runs all jobs on so many threads, each taking the next one when it is done, and resolves with what came of them in the order of the
 * jobs: the seeds of a cell are its own, so that the figures are those of one thread. Rejects when a thread fails.
 */
export const runJobs = async (args: {
  readonly runs: number;
  readonly threads: number;
  readonly onDone: (job: CanaryJob) => void;
}): Promise<readonly CellResult[]> => {
  const { runs, threads, onDone } = args;
  const jobs = canaryJobs(runs);
  // The longest are at the end of the list: begun first, they leave no thread waiting for another.
  const waiting = [...jobs];
  const found = new Map<string, readonly CellResult[]>();
  const work = async (): Promise<void> => {
    const thread = new Worker(new URL("job-thread.ts", import.meta.url));
    try {
      for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
        const answer = once(thread, "message");
        thread.postMessage({ name: job.name, runs });
        const [message] = await answer;
        found.set(job.name, readResults(message));
        onDone(job);
      }
    } finally {
      // Of a thread that failed the others need not go on.
      waiting.length = 0;
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
  return jobs.flatMap(({ name }) => found.get(name) ?? []);
};
