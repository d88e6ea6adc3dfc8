import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";

let ring: Ring;

afterEach(async () => {
  await ring.remove();
});

const startCanary = async (): Promise<number> => {
  const response = await fetch(`${ring.consoleUrl}/api/canaries`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ route: "main", candidate: "late" }),
  });
  await response.text();
  return response.status;
};

test("a canary can start on a target that the configuration file got while everything ran, and a mistake in it changes nothing", async () => {
  const target = "        - { provider: simulated, variant: early }\n";
  ring = await createRing({
    gateway: `  routes:\n    main:\n      models: [m]\n      targets:\n${target}`,
  });
  await ring.start();
  expect(await startCanary()).toBe(409);
  const file = join(ring.dir, "plumbline.yaml");
  const text = readFileSync(file, "utf8");
  const more = `${text}        - { provider: simulated, variant: late, weight: 0 }\n`;
  writeFileSync(file, more);
  expect(await until(startCanary, (status) => status === 201)).toBe(201);
  writeFileSync(file, `${text}nonsense: [`);
  await until(
    async () => ring.output.split("cannot be taken").length,
    (times) => times > 2,
  );
  expect(await startCanary()).toBe(409);
  expect(ring.output).toContain("routes and keys stay as they are");
  expect(await ring.stop()).toBe(0);
}, 120_000);
