import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { runSql, until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";

let ring: Ring;
afterEach(async () => {
  await ring.remove();
});

const calls = 40;

const chat = async (): Promise<void> => {
  const response = await fetch(`${ring.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-small", messages: [{ role: "user", content: "Hello" }] }),
  });
  expect(response.status).toBe(200);
  await response.text();
};

const gatewayRow = z.object({ state: z.string(), finished: z.int(), stored: z.int(), missing: z.int() });
const gatewayRows = z.object({ rows: z.array(gatewayRow) });
const trustShape = z.object({ trusted: z.boolean(), reason: z.string() });

const gateways = async (): Promise<readonly z.infer<typeof gatewayRow>[]> => {
  const { code, out, err } = await ring.run("ask", "gateways", "--since", "1h", "--json");
  expect([code, err]).toEqual([0, ""]);
  return gatewayRows.parse(JSON.parse(out)).rows;
};

const trust = async (): Promise<z.infer<typeof trustShape>> => {
  const response = await fetch(`${ring.consoleUrl}/api/trust`);
  return trustShape.parse(await response.json());
};

test("a gateway that is killed between finishing calls and telling so leaves none that looks missing, and trust comes back", async () => {
  ring = await createRing({
    gateway: "  census: { reportMs: 60000 }\n",
    store: ", trust: { freshnessSeconds: 120, everySeconds: 1 }",
  });
  await ring.start();
  await until(trust, ({ trusted }) => trusted);
  await Promise.all(Array.from({ length: calls }, chat));
  process.kill(ring.gatewayPid, "SIGKILL");

  const rows = await until(gateways, (seen) => {
    expect(seen.reduce((sum, { missing }) => sum + missing, 0)).toBe(0);
    return seen.some(({ state, stored }) => state === "stopped" && stored === calls) && seen.length === 2;
  });
  expect(rows.toSorted((a, b) => b.finished - a.finished)).toEqual([
    { state: "stopped", finished: calls, stored: calls, missing: 0 },
    { state: "reporting", finished: 0, stored: 0, missing: 0 },
  ]);
  // The dead gateway had told of no call: what is known of them are their rows.
  expect(await runSql(ring, "SELECT count() FROM gateway_census")).toBe("0");
  await until(trust, ({ trusted }) => trusted);
  const metrics = await (await fetch(`${ring.consoleUrl}/metrics`)).text();
  expect(metrics).toMatch(/^plumbline_telemetry_silent_gateways 0$/m);
  await until(
    async () => (await fetch(`${ring.consoleUrl}/metrics`)).text(),
    (text) => /^plumbline_telemetry_trusted 1$/m.test(text),
  );
}, 180_000);

test("a stop says good-bye with every count, and what is asked afterwards is complete", async () => {
  ring = await createRing();
  await ring.start();
  await Promise.all(Array.from({ length: calls }, chat));
  expect(await ring.stop()).toBe(0);
  expect(await gateways()).toMatchObject([{ state: "stopped", finished: calls, stored: calls, missing: 0 }]);
  await ring.start();
  expect(
    await runSql(
      ring,
      "SELECT sum(finished) FROM (SELECT max(finished) AS finished FROM gateway_census GROUP BY tenant, minute, route, gateway_id)",
    ),
  ).toBe(String(calls));
}, 120_000);
