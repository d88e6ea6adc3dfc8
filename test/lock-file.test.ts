import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { repository } from "./architecture/source-files.ts";

const text = readFileSync(join(repository, "package-lock.json"), "utf8");
const names = z.record(z.string(), z.string()).optional();
const { packages } = z
  .object({ packages: z.record(z.string(), z.object({ optionalDependencies: names })) })
  .parse(JSON.parse(text));

// npm leaves out the optional packages that its registry does not serve, and then `npm ci` refuses the lock file.
test("package-lock.json holds the optional packages of every platform", () => {
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ path, name })),
  );
  const missing = wanted.filter(
    ({ path, name }) =>
      packages[`${path}/node_modules/${name}`] === undefined && packages[`node_modules/${name}`] === undefined,
  );
  expect(missing).toEqual([]);
  expect(wanted.length).toBeGreaterThan(50);
});

test("package-lock.json names no registry", () => {
  expect(text).not.toMatch(/"resolved": "https?:/);
});

// The SDK pins its own packages: another version of one of them beside it copies it into each of its ten exporters, and every
// gateway loads them all.
test("package-lock.json holds one copy of each package of OpenTelemetry", () => {
  const paths = Object.keys(packages).filter((path) => /node_modules\/@opentelemetry\/[\w-]+$/.test(path));
  expect(paths.filter((path) => path.split("node_modules/").length > 2)).toEqual([]);
  expect(paths.length).toBeGreaterThan(20);
});
