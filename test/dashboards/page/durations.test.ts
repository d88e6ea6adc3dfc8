import { expect, test } from "vitest";
import { formatAge, formatDuration } from "../../../dashboards/console/page/durations.ts";

test.each([
  { ms: 0, text: "0 ms" },
  { ms: 0.4213, text: "0.42 ms" },
  { ms: 123.4, text: "123 ms" },
  { ms: 999.7, text: "1 s" },
  { ms: 1234, text: "1.23 s" },
  { ms: 59_940, text: "59.9 s" },
  { ms: 59_960, text: "60 s" },
  { ms: 60_000, text: "1 min" },
  { ms: 125_000, text: "2 min 5 s" },
  { ms: 3_599_999, text: "59 min 59 s" },
  { ms: 11_520_000, text: "3 h 12 min" },
  { ms: 183_600_000, text: "2 d 3 h" },
  { ms: -1500, text: "-1.5 s" },
])("$ms ms read $text", ({ ms, text }) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  { ms: 900, text: "just now" },
  { ms: 12_700, text: "12 s ago" },
  { ms: 61_000, text: "1 min 1 s ago" },
])("what was $ms ms ago was $text", ({ ms, text }) => {
  expect(formatAge(ms)).toBe(text);
});
