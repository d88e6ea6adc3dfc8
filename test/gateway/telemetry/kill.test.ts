import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { topics } from "../../../core/topics.ts";
import { processStarter } from "../../bus/child-process.ts";
import { drain, inSession } from "../../bus/consume.ts";
import { openBus } from "../../bus/open-bus.ts";
import { decodeRequest } from "./decode-request.ts";
import { openTelemetry } from "./open-telemetry.ts";
import { tempFolder } from "./temp-folder.ts";

const rounds = 6;
const startProcess = processStarter();

const isCount =
  (wanted: number) =>
  (message: unknown): true | undefined =>
    typeof message === "object" && message !== null && "count" in message && message.count === wanted
      ? true
      : undefined;

describe("a gateway that is killed at any moment", () => {
  it("loses no call whose end returned, and no call is shipped twice, through kills during recovery as well", async () => {
    const [spoolDir, busDir, notes] = [tempFolder(), tempFolder(), tempFolder()];
    const ledger = join(notes, "ledger");
    for (let round = 1; round <= rounds; round += 1) {
      const gateway = startProcess("../../gateway/telemetry/fixtures/record-calls.ts", [
        spoolDir,
        busDir,
        `g${round}`,
        ledger,
      ]);
      // The first reports come while the calls of the round before are still being recovered.
      await gateway.message(isCount(10 * (1 + Math.floor(Math.random() * 30))));
      gateway.child.kill("SIGKILL");
      await gateway.exited;
    }
    const bus = await openBus({ dir: busDir });
    onTestFinished(() => bus.close());
    const { flush } = await openTelemetry({ dir: spoolDir, bus, clock: systemClock, gatewayId: "last" });
    await flush();

    const at = { topic: topics.spans, group: "g" };
    const { result: end, subscription } = await inSession(bus, at, ({ endOffset }) => endOffset());
    await subscription.stop();
    const records = await drain(bus, at, end);
    const calls = records
      .flatMap(({ value }) => decodeRequest(value))
      .filter(({ parentSpanId }) => parentSpanId === "");
    const shipped = calls.map(({ spanId }) => spanId);
    const acknowledged = readFileSync(ledger, "utf8").trimEnd().split("\n");
    expect(acknowledged.length).toBeGreaterThan(rounds * 9);
    expect(acknowledged.filter((id) => !shipped.includes(id))).toEqual([]);
    expect(new Set(shipped).size).toBe(shipped.length);
    expect(shipped.length - acknowledged.length).toBeLessThanOrEqual(rounds);
    for (let round = 1; round <= rounds; round += 1) {
      const sequences = calls
        .filter(({ resource }) => resource["service.instance.id"] === `g${round}`)
        .map(({ attributes }) => attributes["plumbline.gateway.seq"]);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    }
  }, 60_000);
});
