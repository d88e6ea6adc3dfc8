import { describe, expect, test } from "vitest";
import { PlumblineError } from "../../../core/errors.ts";
import { spendingReport } from "../../../core/spending.ts";
import { topics } from "../../../core/topics.ts";
import { openReplicas } from "./replicas.ts";
import { dollar } from "./table-of.ts";

const limit = 0.02 * dollar;

describe("gateways on one bus with one hard limit", () => {
  test("come to it together: what one has spent the other cannot", async () => {
    await using replicas = openReplicas(0.02);
    const a = await replicas.start("a");
    const b = await replicas.start("b");
    for (let calls = 0; calls < 10; calls += 1) expect(await a.call()).toBe(200);
    const spentByA = replicas.spent();
    await replicas.until(() => b.knows() === spentByA);
    expect(await b.loop()).toBeGreaterThan(0);
    const spentByB = replicas.spent() - spentByA;
    await replicas.until(() => a.knows() === spentByB);
    expect(await a.call()).toBe(429);
    expect(replicas.spent()).toBeLessThanOrEqual(limit);
    // The worst case of one more call does not fit.
    expect(replicas.spent()).toBeGreaterThan(0.9 * limit);
  });

  test.each([
    { name: "on its own disk", machine: "a" },
    { name: "on another disk", machine: "c" },
  ])("give nothing back when one of them is started anew $name", async ({ machine }) => {
    await using replicas = openReplicas(0.02);
    const a = await replicas.start("a", "a");
    const b = await replicas.start("b");
    for (let calls = 0; calls < 5; calls += 1) await Promise.all([a.call(), b.call()]);
    await a.stop();
    const again = await replicas.start("a2", machine);
    await replicas.until(() => again.knows() >= replicas.spent());
    expect(again.knows()).toBe(replicas.spent());
    await again.loop();
    expect(replicas.spent()).toBeLessThanOrEqual(limit);
    expect(replicas.spent()).toBeGreaterThan(0.9 * limit);
    await replicas.until(() => b.knows() > 0.4 * limit);
    expect(await b.call()).toBe(429);
  });

  test("know of one that was killed what it had told, and its successor what its disk says", async () => {
    await using replicas = openReplicas(0.02);
    const killed = await replicas.start("a", "a");
    const b = await replicas.start("b");
    await killed.call();
    const told = replicas.spent();
    await replicas.until(() => b.knows() === told);
    killed.kill();
    await killed.call();
    expect(b.knows()).toBe(told);
    const successor = await replicas.start("a2", "a");
    expect(successor.knows()).toBeGreaterThanOrEqual(replicas.spent());
    // The disk is ahead by a hundredth of the limit, and the successor repeats what it says.
    await replicas.until(() => b.knows() >= replicas.spent());
    expect(b.knows()).toBeLessThanOrEqual(replicas.spent() + 0.02 * limit);
  });

  test("count a report that comes late or again once", async () => {
    await using replicas = openReplicas(0.02);
    const a = await replicas.start("a");
    const b = await replicas.start("b");
    await a.call();
    const first = replicas.spent();
    await replicas.until(() => b.knows() === first);
    await a.call();
    await replicas.until(() => b.knows() === replicas.spent());
    const records = replicas.bus.recordsOf(topics.spending);
    expect(records.length).toBeGreaterThanOrEqual(2);
    for (const { key, value } of [...records].reverse()) {
      await replicas.bus.publish({ topic: topics.spending, key, value });
    }
    await a.call();
    await replicas.until(() => b.knows() >= replicas.spent());
    expect(b.knows()).toBe(replicas.spent());
  });

  test("skip what is no report", async () => {
    await using replicas = openReplicas(0.02);
    const a = await replicas.start("a");
    const b = await replicas.start("b");
    const startMs = Date.UTC(2026, 10, 1);
    const report = { version: 1, gatewayId: "x", window: "month", startMs, totals: [{ of: "gateway:", nanos: 7 }] };
    const bad = [
      "{",
      "[]",
      { ...report, version: 2 },
      { ...report, startMs: startMs + 1 },
      { ...report, gatewayId: "" },
    ];
    const negative = { ...report, totals: [{ of: "gateway:", nanos: -limit }] };
    for (const value of [...bad, negative]) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      await replicas.bus.publish({ topic: topics.spending, key: "x", value: Buffer.from(text) });
    }
    await replicas.bus.publish({ topic: topics.spending, key: "x", value: Buffer.from(JSON.stringify(report)) });
    await replicas.until(() => a.knows() === 7 && b.knows() === 7);
  });

  test("serve on without the bus, each within the whole of the limit, and come together when it is back", async () => {
    await using replicas = openReplicas(0.02);
    const a = await replicas.start("a");
    const b = await replicas.start("b");
    replicas.bus.setOutage(new PlumblineError("bus.unavailable", "away"));
    await Promise.all([a.loop(), b.loop()]);
    expect(replicas.spent()).toBeLessThanOrEqual(2 * limit);
    expect(replicas.spent()).toBeGreaterThan(1.8 * limit);
    replicas.bus.setOutage(null);
    await replicas.until(() => a.knows() + b.knows() === replicas.spent());
    const records = replicas.bus.recordsOf(topics.spending);
    expect(() =>
      records.map(({ value }) => spendingReport.parse(JSON.parse(Buffer.from(value).toString()))),
    ).not.toThrow();
  });
});
