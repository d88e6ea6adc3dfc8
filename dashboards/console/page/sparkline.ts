import { svg } from "./dom.ts";
import type { Row } from "./frame.ts";
import type { TimeWindow } from "./ranges.ts";
import type { Trend } from "./sum-by-bucket.ts";
import { sumByBucket } from "./sum-by-bucket.ts";

/** A small filled line without axes; it says nothing that the chart below does not say, so screen readers skip it. */
export const drawSparkline = (rows: readonly Row[], trend: Trend, window: TimeWindow): SVGElement => {
  const sums = sumByBucket(rows, trend, window);
  const top = Math.max(...sums) || 1;
  const x = (index: number): string => ((index / Math.max(1, sums.length - 1)) * 100).toFixed(2);
  const points = sums.map((sum, index) => `${x(index)},${(29 - (sum / top) * 26).toFixed(2)}`);
  const root = svg("svg", {
    class: "spark",
    viewBox: "0 0 100 30",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  root.append(
    svg("polygon", { points: `0,30 ${points.join(" ")} 100,30` }),
    svg("polyline", { points: points.join(" "), "vector-effect": "non-scaling-stroke" }),
  );
  return root;
};
