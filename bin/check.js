#!/usr/bin/env node
// The one gate, local and CI alike: every tool runs even when an earlier one failed, so that one run tells everything.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";
const pageProject = "dashboards/console/page/tsconfig.json";

const slowTests = ["test/ring/**", "test/kafka/**", "test/servers/kafka*"];

/** Each step is one tool; `if` names a file without which there is nothing to check. */
const steps = [
  { name: "format and lint", command: ["biome", "check", "--error-on-warnings", "--diagnostic-level=warn", "."] },
  { name: "promises and casts", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "types", command: ["tsc", "--noEmit", "-p", "."] },
  { name: "types of the page", command: ["tsc", "--noEmit", "-p", pageProject], if: pageProject },
  { name: "generated files", command: ["node", "docs/generate.ts", "--check"] },
  { name: "unused code", command: ["knip", "--no-progress", "--treat-config-hints-as-errors"] },
  // The ring and Kafka start whole systems of processes and take minutes: `npm test` runs them, this gate does not.
  { name: "tests", command: ["vitest", "run", ...slowTests.flatMap((files) => ["--exclude", files])] },
];

// A worker in an endless loop would hold the gate for ever: no step may take longer than this.
const limitMs = 1_800_000;

const running = new Set();

/** Ends a tool with all the processes that it started. */
const kill = (child) => {
  if (isWindows) child.kill("SIGKILL");
  else process.kill(-child.pid, "SIGKILL");
};

/** Runs one tool and resolves to its exit code, output and time. */
const run = ({ name, command }) =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    const [program, ...args] = command;
    const bin = join(root, "node_modules", ".bin");
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, FORCE_COLOR: "0" };
    const child = spawn(program, args, { cwd: root, env, shell: isWindows, detached: !isWindows });
    running.add(child);
    const output = [];
    const timer = setTimeout(() => {
      output.push(Buffer.from(`\nstopped: it was not done after ${limitMs / 1000} s`));
      kill(child);
    }, limitMs);
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ name, code, output: Buffer.concat(output).toString("utf8"), ms: performance.now() - startedAt });
    };
    child.on("error", (error) => {
      output.push(Buffer.from(String(error)));
      finish(1);
    });
    child.on("close", (code) => finish(code ?? 1));
  });

if (!existsSync(join(root, "node_modules"))) {
  console.error("The tools are not installed: run `npm ci` first.");
  process.exit(1);
}

// The tools are in process groups of their own, which the terminal's Ctrl-C does not reach.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of running) kill(child);
    process.exit(130);
  });
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

const startedAt = performance.now();
const waiting = steps.filter((step) => step.if === undefined || existsSync(join(root, step.if)));
const total = waiting.length;
const results = [];

const work = async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const result = await run(step);
    results.push(result);
    console.log(
      `[${results.length}/${total}] ${result.code === 0 ? "ok    " : "FAILED"} ${step.name} (${seconds(result.ms)})`,
    );
  }
};
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));

const failed = results.filter(({ code }) => code !== 0);
for (const { name, output } of failed) console.log(`\n--- ${name}\n${output.trimEnd()}`);
const summary = results
  .find(({ name }) => name === "tests")
  ?.output.match(/^\d+ passed, \d+ failed, \d+ skipped$/m)?.[0];
console.log(`\ntests: ${summary ?? "did not finish"}`);
console.log(`${total - failed.length} of ${total} checks passed in ${seconds(performance.now() - startedAt)}`);
if (failed.length > 0) process.exitCode = 1;
