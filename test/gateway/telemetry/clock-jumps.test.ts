import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plumbline } from "../../../core/attributes.ts";
import type { Clock } from "../../../core/clock.ts";
import { topics } from "../../../core/topics.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { bareAttempt, bareAttemptEnd, bareEnd, bareStart } from "./calls.ts";
import { callsOn } from "./calls-on.ts";
import { decodeRequest } from "./decode-request.ts";
import { openTelemetry } from "./open-telemetry.ts";
import { openTestBus } from "./open-test-bus.ts";
import { tempFolder } from "./temp-folder.ts";

const hourMs = 3_600_000;

describe("a wall clock that jumps by hours", () => {
  it("changes no duration and no order: a call has the time of its start, and counts on from there", async () => {
    const time = virtualClock();
    let jumpMs = 0;
    const clock: Clock = { ...time, nowMs: () => time.nowMs() + jumpMs };
    const bus = openTestBus();
    const { recorder, flush } = await openTelemetry({ dir: tempFolder(), bus, clock, gatewayId: "g" });
    const jumps = fc.array(fc.integer({ min: -5 * hourMs, max: 5 * hourMs }), { minLength: 3, maxLength: 3 });
    const expected: object[] = [];
    await fc.assert(
      fc.asyncProperty(jumps, fc.nat(10_000), async ([before = 0, within = 0, later = 0], elapsedMs) => {
        jumpMs = before;
        const startNs = BigInt(clock.nowMs()) * 1_000_000n;
        const call = recorder.start(bareStart);
        jumpMs = within;
        time.advance(elapsedMs);
        const attempt = call.startAttempt(bareAttempt);
        jumpMs = later;
        time.advance(7);
        attempt.end(bareAttemptEnd);
        jumpMs = before;
        time.advance(1);
        call.end(bareEnd);
        const durations = { call: BigInt(elapsedMs + 8) * 1_000_000n, attempt: 7_000_000n };
        expected.push({ spanId: call.callId, startNs, durations });
        await time.advanceUntil(flush(), 1);
      }),
      { numRuns: 25 },
    );
    const spans = bus.recordsOf(topics.spans).flatMap(({ value }) => decodeRequest(value));
    const found = callsOn(bus).map(({ spanId, startNs, endNs }) => {
      const attempt = spans.find(({ parentSpanId }) => parentSpanId === spanId);
      const attemptNs = (attempt?.endNs ?? 0n) - (attempt?.startNs ?? 0n);
      expect((attempt?.startNs ?? 0n) >= startNs && (attempt?.endNs ?? 0n) <= endNs).toBe(true);
      return { spanId, startNs, durations: { call: endNs - startNs, attempt: attemptNs } };
    });
    expect(found).toEqual(expected);
    expect(callsOn(bus).map(({ attributes }) => attributes[plumbline.gatewaySeq])).toEqual(
      expected.map((_, index) => index + 1),
    );
  });
});
