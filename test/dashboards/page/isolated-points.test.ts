import { describe, expect, test } from "vitest";
import { isolatedPoints } from "../../../dashboards/console/page/isolated-points.ts";

describe("isolatedPoints", () => {
  test.each([
    { name: "a single value", values: [7], isolated: [0] },
    { name: "a value among gaps", values: [null, 3, null, undefined, 0], isolated: [1, 4] },
    { name: "values side by side", values: [1, 2, null, 4, 5], isolated: [] },
    { name: "no value", values: [null, null], isolated: [] },
    { name: "an empty series", values: [], isolated: [] },
  ])("of $name are $isolated", ({ values, isolated }) => {
    expect(isolatedPoints(values)).toEqual(isolated);
  });
});
