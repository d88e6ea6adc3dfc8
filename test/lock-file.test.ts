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
