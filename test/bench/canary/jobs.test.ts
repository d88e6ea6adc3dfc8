import { expect, test } from "vitest";
import { canaryJobs } from "../../../bench/canary/canary-jobs.ts";
import { runJobs } from "../../../bench/canary/run-jobs.ts";

test("cells on two threads come to what they come to on one, run by run and in the same order", async () => {
  const runs = 2;
  const done: string[] = [];
  const found = await runJobs({ runs, threads: 2, onDone: ({ name }) => void done.push(name) });
  const jobs = canaryJobs(runs);
  expect(found).toEqual(jobs.flatMap((job) => job.run()));
  expect(done.toSorted()).toEqual(jobs.map(({ name }) => name).toSorted());
  expect(found.flatMap(({ outcomes }) => [...outcomes.values()]).every((each) => each.length === runs)).toBe(true);
}, 60_000);
