import { readFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { z } from "zod";
import type { AllowedSkip } from "./judge-skips.ts";
import { judgeSkips } from "./judge-skips.ts";

const allowedFile = new URL("../allowed-skips.json", import.meta.url);
const allowedSchema = z.array(z.strictObject({ test: z.string().min(1), reason: z.string().min(10) }));

/** Reads the skips that continuous integration accepts. */
export const readAllowedSkips = (): readonly AllowedSkip[] =>
  allowedSchema.parse(JSON.parse(readFileSync(allowedFile, "utf8")));

/** A vitest reporter that names each skipped test with its reason and ends with one line of counts. */
export const skipReporter = (): Reporter => {
  let isFiltered = false;
  return {
    onInit: (vitest) => {
      isFiltered = vitest.config.testNamePattern !== undefined;
    },
    onTestRunEnd: (modules, unhandled) => {
      const cases = modules.flatMap((module) => [...module.children.allTests()].map((test) => ({ module, test })));
      const skipped = cases.filter(({ test }) => test.result().state === "skipped");
      const verdict = judgeSkips({
        // With `-t` vitest counts every test that the filter left out as skipped, without a reason.
        skips: isFiltered
          ? []
          : skipped.map(({ module, test }) => ({ test: nameOf(module, test), reason: reasonOf(test) })),
        allowed: readAllowedSkips(),
        known: new Set(cases.map(({ module, test }) => nameOf(module, test))),
        isCi: process.env["CI"] === "true",
      });
      for (const line of verdict.lines) console.log(line);
      const tests = cases.map(({ test }) => test);
      console.log(countLine(tests, brokenFiles(modules) + unhandled.length));
      if (verdict.isFailure) process.exitCode = 1;
    },
  };
};

const nameOf = (module: TestModule, test: TestCase): string => `${module.relativeModuleId} > ${test.fullName}`;

const reasonOf = (test: TestCase): string => {
  const result = test.result();
  return result.state === "skipped" ? (result.note ?? "") : "";
};

/** Files that could not be loaded, or a hook of which failed. */
const brokenFiles = (modules: readonly TestModule[]): number =>
  modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;

/** A test that a dying worker left unfinished counts as failed, and so does each failure outside of tests. */
const countLine = (tests: readonly TestCase[], failedElsewhere: number): string => {
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
  const failed = count("failed") + count("pending") + failedElsewhere;
  return `${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped`;
};
