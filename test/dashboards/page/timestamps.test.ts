import { expect, test } from "vitest";
import { formatBucket, formatTick, formatTimestamp, toTimeMs } from "../../../dashboards/console/page/timestamps.ts";

const noon = Date.UTC(2026, 0, 31, 12, 0, 0);

test.each([
  { cell: "2026-01-31 12:00:00", ms: noon },
  { cell: "2026-01-31 12:00:00.250", ms: noon + 250 },
  { cell: "2026-01-31T12:00:00Z", ms: noon },
  { cell: "2026-01-31 13:00:00+01:00", ms: noon },
  { cell: noon, ms: noon },
  { cell: noon / 1000, ms: noon },
  { cell: String(noon), ms: noon },
  { cell: "yesterday", ms: null },
  { cell: "", ms: null },
  { cell: null, ms: null },
])("the time cell $cell is $ms", ({ cell, ms }) => {
  expect(toTimeMs(cell)).toBe(ms);
});

test("times are written in the zone asked for", () => {
  expect(formatTimestamp(noon, "UTC")).toBe("31 Jan 2026, 12:00:00");
  expect(formatTimestamp(noon, "Asia/Tokyo")).toBe("31 Jan 2026, 21:00:00");
});

test("a tick is the time of day, and the date at midnight", () => {
  expect(formatTick(noon, "UTC")).toBe("12:00");
  expect(formatTick(noon - 12 * 3_600_000, "UTC")).toBe("31 Jan");
});

test("a bucket is named from its start to its end", () => {
  expect(formatBucket(noon, 900, "UTC")).toBe("31 Jan, 12:00 – 12:15");
});
