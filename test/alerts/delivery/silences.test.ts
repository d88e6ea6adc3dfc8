import { describe, expect, test } from "vitest";
import type { Silences } from "../../../alerts/delivery/silences.ts";
import {
  addSilence,
  endSilence,
  forgetSilences,
  silenceRequest,
  silencerOf,
} from "../../../alerts/delivery/silences.ts";
import { startMs } from "./alerts.ts";

const request = {
  matchers: [{ name: "route", operator: "=", value: "chat" }],
  startsAtMs: startMs + 1_000,
  endsAtMs: startMs + 2_000,
  author: "ann",
  comment: "planned work",
} as const;

const given = (more: object = {}): Silences => {
  const added = addSilence(new Map(), silenceRequest.parse({ ...request, ...more }), { id: "s1", nowMs: startMs });
  if (!added.ok) throw new Error(added.message);
  return added.silences;
};

describe("a silence", () => {
  test.each([
    { atMs: 999, by: null },
    { atMs: 1_000, by: "s1" },
    { atMs: 1_999, by: "s1" },
    { atMs: 2_000, by: null },
  ])("holds from its start until its end: $atMs ms", ({ atMs, by }) => {
    expect(silencerOf(given(), startMs + atMs)({ route: "chat" })).toBe(by);
    expect(silencerOf(given(), startMs + atMs)({ route: "other" })).toBe(null);
  });

  test("that is ended holds no longer, and cannot be ended twice", () => {
    const ended = endSilence(given(), "s1", startMs + 1_500);
    expect(silencerOf(ended ?? given(), startMs + 1_500)({ route: "chat" })).toBe(null);
    expect(endSilence(ended ?? given(), "s1", startMs + 1_600)).toBe(null);
    expect(endSilence(given(), "s2", startMs)).toBe(null);
  });

  test("does not reach into the past", () => {
    expect(given({ startsAtMs: 0 }).get("s1")?.startsAtMs).toBe(startMs);
  });

  test("is forgotten five days after its end", () => {
    const endMs = startMs + 2_000;
    expect(forgetSilences(given(), endMs + 5 * 86_400_000 - 1).size).toBe(1);
    expect(forgetSilences(given(), endMs + 5 * 86_400_000).size).toBe(0);
  });

  test.each([
    { name: "that ends before it begins", more: { endsAtMs: startMs + 999 } },
    { name: "that is over", more: { startsAtMs: 0, endsAtMs: startMs } },
  ])("$name is refused", ({ more }) => {
    expect(() => given(more)).toThrow(/end/);
  });

  test.each([
    { name: "without conditions", more: { matchers: [] } },
    { name: "that would silence everything", more: { matchers: [{ name: "a", operator: "=~", value: ".*" }] } },
    { name: "with a pattern that cannot be read", more: { matchers: [{ name: "a", operator: "=~", value: "(" }] } },
    { name: "without an author", more: { author: "" } },
  ])("$name is no request", ({ more }) => {
    expect(silenceRequest.safeParse({ ...request, ...more }).success).toBe(false);
  });
});
