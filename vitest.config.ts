import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { skipReporter } from "./test/reporter/skip-reporter.ts";
import { slowFileReporter } from "./test/reporter/slow-file-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: Math.min(4, availableParallelism()),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    reporters: ["default", skipReporter(), slowFileReporter()],
  },
});
