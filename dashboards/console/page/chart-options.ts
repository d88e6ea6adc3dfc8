import uPlot from "uplot";
import type { Unit } from "../../panel.ts";
import { formatAxis } from "./axis.ts";
import { cssValue } from "./dom.ts";
import { isolatedPoints } from "./isolated-points.ts";
import { formatTick } from "./timestamps.ts";

/** A series as it is drawn. */
export interface DrawnSeries {
  readonly name: string;
  /** Slot of the palette. */
  readonly slot: number;
}

/** What a chart is made of besides its numbers. */
export interface ChartLook {
  readonly unit: Unit;
  readonly shape: "bars" | "line";
  readonly series: readonly DrawnSeries[];
  readonly size: { readonly width: number; readonly height: number };
  /** First and last millisecond of the time axis; asked again whenever the data changes. */
  readonly span: () => readonly [number, number];
  /** Runs when the cursor stands on another bucket; null when it has left. */
  readonly onCursor: (chart: uPlot, index: number | null) => void;
}

/** Steps of an axis of counts: 1, 2, 5, 10, ..., so that no tick stands for half a call. */
const wholeSteps = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Steps of an axis of seconds: decimal below a minute, then as clocks divide. */
const clockSteps = [
  ...[-3, -2, -1, 0].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)),
  ...[10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 604_800],
];

/** Steps that suit a unit; others are left to the chart library. */
const stepsOf = (unit: Unit): { readonly incrs?: number[] } => {
  if (unit === "calls" || unit === "tokens") return { incrs: wholeSteps };
  return unit === "seconds" ? { incrs: clockSteps } : {};
};

const axisFont = "11px system-ui, sans-serif";

const axesOf = (unit: Unit, styles: Element): uPlot.Axis[] => {
  const quiet = cssValue(styles, "--ink-quiet");
  const line = cssValue(styles, "--line");
  const common = { stroke: quiet, font: axisFont, ticks: { show: false } };
  return [
    {
      ...common,
      grid: { show: false },
      space: 72,
      size: 26,
      values: (_, splits) => splits.map((ms) => formatTick(ms)),
    },
    {
      ...common,
      grid: { stroke: line, width: 1 },
      space: 34,
      ...stepsOf(unit),
      size: (_, values) => Math.max(40, 14 + 6.4 * Math.max(0, ...(values ?? []).map((value) => value.length))),
      values: (_, splits) => splits.map((value) => formatAxis(value, unit, (splits[1] ?? 0) - (splits[0] ?? 0))),
    },
  ];
};

/** Bars are outlined in the colour of the card, which parts the layers of a stack; lines are as thick as text is. */
const seriesOf = ({ series, shape }: ChartLook, styles: Element): uPlot.Series[] =>
  series.map(({ name, slot }) => {
    const color = cssValue(styles, `--series-${slot}`);
    const bars = uPlot.paths.bars?.({ size: [0.78, 28, 1], radius: 0.12 });
    if (shape === "line" || bars === undefined) {
      const filter: uPlot.Series.Points.Filter = (chart, index, isShown) =>
        isShown ? null : isolatedPoints(chart.data[index] ?? []);
      return { label: name, stroke: color, width: 1.75, spanGaps: false, points: { size: 5, fill: color, filter } };
    }
    return {
      label: name,
      stroke: cssValue(styles, "--card"),
      width: 1,
      fill: color,
      paths: bars,
      points: { show: false },
    };
  });

/** The options of a chart in the colours that `styles` has at this moment. */
export const chartOptions = (look: ChartLook, styles: Element): uPlot.Options => ({
  ...look.size,
  ms: 1,
  padding: [10, 8, 0, 0],
  legend: { show: false },
  scales: {
    x: { time: true, range: () => [...look.span()] },
    y: { range: (_, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
  },
  axes: axesOf(look.unit, styles),
  series: [{}, ...seriesOf(look, styles)],
  cursor: {
    y: false,
    drag: { x: false, y: false, setScale: false },
    sync: { key: "page", setSeries: false },
    points: { show: look.shape === "line", size: 8, width: 2, stroke: cssValue(styles, "--card") },
  },
  hooks: { setCursor: [(chart) => look.onCursor(chart, chart.cursor.idx ?? null)] },
});
