import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BegunCall } from "../../../../gateway/telemetry/begun/begun-call.ts";
import { decodeBegun, encodeBegun } from "../../../../gateway/telemetry/begun/begun-call.ts";
import { bareAttempt, bareStart } from "../calls.ts";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef".split("")), minLength: length, maxLength: length });
const text = fc.option(fc.string({ unit: "grapheme", maxLength: 60 }));
const count = fc.option(fc.nat());
const time = fc.tuple(fc.nat(), fc.nat({ max: 999_999_999 }));
const begun: fc.Arbitrary<BegunCall> = fc.record({
  callId: hex(16),
  traceId: hex(32),
  startedAt: time,
  start: fc
    .record({ traceparent: text, tracestate: text, session: text, maxTokens: count, isStream: fc.boolean() })
    .map((some) => ({ ...bareStart, ...some })),
  attemptId: hex(16),
  attemptAt: time,
  attempt: fc.record({ number: fc.integer({ min: 1, max: 5 }), serverPort: count }).map((some) => ({
    ...bareAttempt,
    ...some,
  })),
  firstTarget: fc.string(),
});
const encoded = (call: BegunCall, maxBytes: number): string => encodeBegun(call, maxBytes) ?? "";
const aCall: BegunCall = {
  callId: "0123456789abcdef",
  traceId: "0123456789abcdef0123456789abcdef",
  startedAt: [1, 2],
  start: bareStart,
  attemptId: "0123456789abcdee",
  attemptAt: [1, 3],
  attempt: bareAttempt,
  firstTarget: "simulated/sim-small",
};

describe("a call under way", () => {
  it("comes back as it was noted, every value in its place", () => {
    fc.assert(
      fc.property(begun, (call) => {
        expect(decodeBegun(Buffer.from(encoded(call, 4_000)))).toEqual(call);
      }),
    );
    const numbered = Object.fromEntries(Object.keys(bareStart).map((key) => [key, `the ${key}`]));
    const { operation, isStream, maxTokens, imposedMaxTokens, temperature, serverPort } = bareStart;
    const numbers = { operation, isStream, maxTokens, imposedMaxTokens, temperature, serverPort };
    const call = { ...aCall, start: { ...bareStart, ...numbered, ...numbers } };
    expect(decodeBegun(Buffer.from(encoded(call, 4_000)))).toEqual(call);
  });

  it("loses of long texts what does not fit, and is not noted when even that is too long", () => {
    const start = { ...bareStart, modelRequested: "€".repeat(5_000), tracestate: "a=b", session: "s-1" };
    const cut = decodeBegun(Buffer.from(encoded({ ...aCall, start }, 2_000)));
    expect(cut).toEqual({ ...aCall, start: { ...start, modelRequested: "€".repeat(256), tracestate: null } });
    const traced = { ...bareStart, traceparent: `00-${"a".repeat(8_000)}` };
    expect(decodeBegun(Buffer.from(encoded({ ...aCall, start: traced }, 2_000)))?.start.traceparent).toBeNull();
    expect(encodeBegun({ ...aCall, start: { ...bareStart, tenant: "t".repeat(5_000) } }, 4_000)).toBe(null);
  });

  it("is not read from anything else", () => {
    expect(["", "{}", "[2]", "[1]"].map((each) => decodeBegun(Buffer.from(each)))).toEqual([null, null, null, null]);
  });
});
