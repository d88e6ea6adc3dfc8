import { afterEach, describe, expect, test } from "vitest";
import { until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing, isRunning } from "./ring.ts";

let ring: Ring;
afterEach(async () => {
  await ring.remove();
});

/** Calls one after the other until nobody answers any more. */
const callUntilGone = async (url: string): Promise<void> => {
  const body = JSON.stringify({ model: "sim-small", messages: [{ role: "user", content: "Is it so?" }] });
  const headers = { "content-type": "application/json" };
  for (;;) {
    const sent = fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    const isAnswered = await sent.then((response) => response.text()).catch(() => null);
    if (isAnswered === null) return;
  }
};

/** A ring under load; the bus is writing at any moment. */
const startUnderLoad = async (): Promise<{ readonly callers: Promise<unknown> }> => {
  ring = await createRing();
  await ring.start();
  const callers = Promise.all(Array.from({ length: 16 }, () => callUntilGone(ring.gatewayUrl)));
  await until(
    async () => (await fetch(`${ring.gatewayUrl}/metrics`)).text(),
    (text) => /plumbline_gateway_calls_total\{[^}]*\} (?:[3-9]\d|\d{3,})/.test(text),
  );
  return { callers };
};

describe("SIGTERM", () => {
  test("to all processes at once, as a service manager sends it, stops them in order", async () => {
    const { callers } = await startUnderLoad();
    const { gatewayPid } = ring;
    process.kill(gatewayPid, "SIGTERM");
    expect(await ring.stop()).toBe(0);
    await callers;
    expect(ring.output).not.toContain("leaving at once");
    expect(isRunning(gatewayPid)).toBe(false);
  }, 180_000);

  test("for the second time ends a process at once, whatever it is writing", async () => {
    const { callers } = await startUnderLoad();
    const { gatewayPid } = ring;
    process.kill(gatewayPid, "SIGTERM");
    // Two signals of one kind that wait at the same time are one.
    await until(
      async () => ring.output,
      (output) => output.includes("stopping: finishing"),
    );
    process.kill(gatewayPid, "SIGTERM");
    await until(async () => !isRunning(gatewayPid), Boolean);
    expect(ring.output).toContain("leaving at once");
    expect(await ring.stop()).toBe(0);
    await callers;
  }, 180_000);
});
