import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { publishVerdict } from "../../alerts/verdicts/publish-verdict.ts";
import { openBus } from "../bus/open-bus.ts";
import { until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";

const reportShape = z.object({
  routes: z.array(z.object({ targets: z.array(z.object({ variant: z.string(), share: z.number() })) })),
});

let ring: Ring;
afterEach(async () => {
  await ring.remove();
});

/** The shares of the only route, by variant; null while the gateway does not answer. */
const shares = async (): Promise<Readonly<Record<string, number>> | null> => {
  const response = await fetch(`${ring.gatewayUrl}/policy`).catch(() => null);
  if (response === null) return null;
  const [route] = reportShape.parse(await response.json()).routes;
  return Object.fromEntries(route?.targets.map(({ variant, share }) => [variant, share]) ?? []);
};

test("a verdict of another process moves traffic, a gateway that is killed comes back with it, and routes that change stay under it", async () => {
  ring = await createRing({
    gateway: `  routes:
    main: { models: [sim-large], targets: [{ provider: simulated, variant: a }, { provider: simulated, variant: b }] }
`,
  });
  await ring.start();
  expect(await shares()).toEqual({ a: 0.5, b: 0.5 });
  const data = join(ring.dir, "plumbline-data");
  const keyFile = join(data, "verdicts.key");
  expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  const bus = await openBus({ dir: join(data, "bus") });
  const issuedAtMs = Date.now();
  await publishVerdict(
    bus,
    {
      version: 1,
      id: "0af7651916cd43dd8448eb211c80319c",
      sequence: 1,
      action: "eject",
      effect: { kind: "target", route: "main", variant: "a", factor: 0 },
      reason: "a test",
      evidenceId: null,
      issuedAtMs,
      expiresAtMs: issuedAtMs + 600_000,
      isDryRun: false,
    },
    readFileSync(keyFile, "utf8"),
  );
  await bus.close();
  const isMoved = (found: Awaited<ReturnType<typeof shares>>): boolean => found?.["a"] === 0 && found["b"] === 1;
  await until(shares, isMoved);
  const kept = join(data, "policy.jsonl");
  await until(async () => existsSync(kept), Boolean);
  const killed = ring.gatewayPid;
  process.kill(killed, "SIGKILL");
  await until(
    async () => ring.gatewayPid,
    (pid) => pid !== killed,
  );
  await until(shares, isMoved);
  const configFile = join(ring.dir, "plumbline.yaml");
  writeFileSync(configFile, readFileSync(configFile, "utf8").replace("variant: b", "variant: c"));
  process.kill(ring.gatewayPid, "SIGHUP");
  await until(shares, (found) => found?.["a"] === 0 && found["c"] === 1);
  expect(await ring.stop()).toBe(0);
}, 180_000);
