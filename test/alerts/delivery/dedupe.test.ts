import { expect, test } from "vitest";
import { dedupe } from "../../../alerts/delivery/dedupe.ts";

const hourMs = 3_600_000;
const told = { atMs: 0, firing: ["a", "b"] };

test.each([
  { name: "nothing told, nothing fires: none", told: null, expected: "none" },
  { name: "nothing told, all muted: muted", told: null, muted: 1, expected: "muted" },
  { name: "nothing told, one fires: first", told: null, firing: ["a"], expected: "first" },
  { name: "the same fires: none", firing: ["a", "b"], expected: "none" },
  { name: "another fires as well: new in group", firing: ["a", "b", "c"], expected: "new_in_group" },
  {
    name: "another fires and one has ended: new in group",
    firing: ["a", "c"],
    resolved: ["b"],
    expected: "new_in_group",
  },
  { name: "fewer fire, none has ended: none", firing: ["a"], expected: "none" },
  { name: "one has ended: resolved", firing: ["a"], resolved: ["b"], expected: "resolved" },
  { name: "all have ended: resolved", resolved: ["a", "b"], expected: "resolved" },
  { name: "all that was told is muted now: muted", muted: 2, expected: "muted" },
  { name: "told long ago: repeat due", firing: ["a", "b"], atMs: 4 * hourMs, expected: "repeat_due" },
  { name: "told nearly long ago: none", firing: ["a", "b"], atMs: 4 * hourMs - 1, expected: "none" },
  {
    name: "told long ago and still under way: none",
    firing: ["a"],
    atMs: 9 * hourMs,
    isUnderWay: true,
    expected: "none",
  },
  { name: "told long ago and all muted: muted", muted: 2, atMs: 9 * hourMs, expected: "muted" },
])("$name", ({ expected, atMs = 60_000, ...tellable }) => {
  const base = { told, firing: [], resolved: [], muted: 0, repeatIntervalMs: 4 * hourMs, isUnderWay: false };
  expect(dedupe({ ...base, ...tellable }, atMs)).toBe(expected);
});
