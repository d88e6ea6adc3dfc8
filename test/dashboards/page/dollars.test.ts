import fc from "fast-check";
import { expect, test } from "vitest";
import { dollarsOf, formatDollars, splitDollars } from "../../../dashboards/console/page/dollars.ts";

test.each([
  { nanos: 0n, text: "$0.00" },
  { nanos: 1n, text: "$0.000000001" },
  { nanos: 1_500_000_000n, text: "$1.50" },
  { nanos: 20_000_000n, text: "$0.02" },
  { nanos: 1_234_567_890_123_456_789n, text: "$1,234,567,890.123456789" },
  { nanos: -2_500_000n, text: "-$0.0025" },
])("$nanos nano-dollars read $text", ({ nanos, text }) => {
  expect(formatDollars(nanos)).toBe(text);
});

test("the text of an amount holds every nano-dollar of it", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }), (nanos) => {
      const [whole = "", decimals = ""] = formatDollars(nanos).replace(/[$,]/g, "").split(".");
      expect(BigInt(`${whole}${decimals.padEnd(9, "0")}`)).toBe(nanos);
    }),
  );
});

test("an amount that is split is whole again when it is joined, and its lead shows a digit that is not 0", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), (nanos) => {
      const { lead, rest } = splitDollars(formatDollars(nanos));
      expect(lead + rest).toBe(formatDollars(nanos));
      expect(lead).toMatch(/[1-9]/);
    }),
  );
});

test("a headline keeps cents together, and below a cent the first two digits", () => {
  expect(splitDollars("$1,234.567891")).toEqual({ lead: "$1,234.56", rest: "7891" });
  expect(splitDollars("$0.0004213")).toEqual({ lead: "$0.00042", rest: "13" });
  expect(splitDollars("$0.50")).toEqual({ lead: "$0.50", rest: "" });
});

test("a cell of a 64-bit integer loses no digit, and a cell without an integer has no amount", () => {
  expect(dollarsOf("9007199254740993")).toBe("$9,007,199.254740993");
  expect(dollarsOf(null)).toBeNull();
  expect(dollarsOf("1.5")).toBeNull();
});
