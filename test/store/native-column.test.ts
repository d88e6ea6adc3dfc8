import { expect, it } from "vitest";
import { nativeRows } from "../../store/native-rows.ts";

it.each([
  ["UInt16", 65_536],
  ["UInt16", -1],
  ["UInt32", 1.5],
  ["Int32", 2 ** 31],
  ["UInt64", -1],
  ["UInt64", 2 ** 53],
  ["UInt64", 2n ** 64n],
  ["Int64", 2n ** 63n],
  ["String", 7],
  ["Float64", "7"],
  ["Array(String)", "a"],
  ["Map(LowCardinality(String), String)", ["a"]],
  ["LowCardinality(String)", 3],
  ["Decimal(9, 2)", 3],
] as const)("a column of type %s is not written where it would have to hold %s", (type, cell) => {
  expect(() => nativeRows([{ name: "a", type, doc: "A column." }], [[cell]])).toThrow(
    expect.objectContaining({ code: "store.rejected" }),
  );
});
