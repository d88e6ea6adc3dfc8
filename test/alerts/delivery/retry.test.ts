import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeAnswer } from "../../../alerts/delivery/judge-answer.ts";
import { retryDelay } from "../../../alerts/delivery/retry-delay.ts";
import { retryAfterMs } from "../../../core/retry-after.ts";
import { startMs } from "./alerts.ts";

test.each([
  { status: 200, kind: "sent" },
  { status: 202, kind: "sent" },
  { status: 301, kind: "refused" },
  { status: 307, kind: "refused" },
  { status: 400, kind: "refused" },
  { status: 404, kind: "refused" },
  { status: 408, kind: "retry" },
  { status: 429, kind: "retry" },
  { status: 500, kind: "retry" },
  { status: 503, kind: "retry" },
])("an answer of $status means: $kind", ({ status, kind }) => {
  expect(judgeAnswer({ status, retryAfter: null }, startMs).kind).toBe(kind);
});

test.each([
  { header: "30", ms: 30_000 },
  { header: " 0 ", ms: 0 },
  { header: "Thu, 01 Jan 2026 00:00:10 GMT", ms: 10_000 },
  { header: "Thu, 01 Jan 2025 00:00:10 GMT", ms: 0 },
  { header: "-5", ms: null },
  { header: "1e3", ms: null },
  { header: "soon", ms: null },
  { header: "", ms: null },
  { header: null, ms: null },
])("retry-after $header asks for $ms ms", ({ header, ms }) => {
  expect(retryAfterMs(header, startMs)).toBe(ms);
});

describe("the pause after a failed try", () => {
  const base = { tries: 1, afterMs: null, ageMs: 0, baseMs: 1_000, maxMs: 60_000, giveUpMs: 3_600_000, random: 0.5 };

  test.each([
    { name: "is a part of the first bound", more: {}, ms: 500 },
    { name: "doubles its bound", more: { tries: 4 }, ms: 4_000 },
    { name: "has a longest bound", more: { tries: 100 }, ms: 30_000 },
    { name: "is never shorter than was asked for", more: { afterMs: 120_000 }, ms: 120_000 },
    { name: "ends with the time that is left", more: { afterMs: 120_000, ageMs: 3_599_000 }, ms: 1_000 },
    { name: "is none when the time is over", more: { ageMs: 3_600_000 }, ms: null },
  ])("$name", ({ more, ms }) => {
    expect(retryDelay({ ...base, ...more })).toBe(ms);
  });

  test("is above 0 and never beyond the time that is left", () => {
    const any = fc.record({
      tries: fc.integer({ min: 1, max: 10_000 }),
      afterMs: fc.option(fc.integer({ min: 0, max: 10 ** 9 })),
      ageMs: fc.integer({ min: 0, max: 3_599_999 }),
      random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    });
    fc.assert(
      fc.property(any, (more) => {
        const ms = retryDelay({ ...base, ...more }) ?? 0;
        expect(ms).toBeGreaterThan(0);
        expect(ms).toBeLessThanOrEqual(base.giveUpMs - more.ageMs);
      }),
    );
  });
});
