/** A span of time that the page can show, always ending now. */
export interface Range {
  /** As it stands in the URL. */
  readonly id: string;
  readonly label: string;
  /** In full words, for a screen reader. */
  readonly name: string;
  readonly seconds: number;
  /** Width of a bucket; 60 to 100 buckets fill a chart, and the rollups are by minute. */
  readonly stepSeconds: number;
}

const hour = { id: "1h", label: "1 h", name: "last hour", seconds: 3600, stepSeconds: 60 } as const satisfies Range;

/** The ranges of the picker, in its order. */
export const ranges: readonly Range[] = [
  { id: "15m", label: "15 min", name: "last 15 minutes", seconds: 900, stepSeconds: 60 },
  hour,
  { id: "6h", label: "6 h", name: "last 6 hours", seconds: 21_600, stepSeconds: 300 },
  { id: "24h", label: "24 h", name: "last 24 hours", seconds: 86_400, stepSeconds: 900 },
  { id: "7d", label: "7 d", name: "last 7 days", seconds: 604_800, stepSeconds: 7200 },
];

/** The range of that id; one hour when there is none of that id. */
export const rangeById = (id: string | null): Range => ranges.find((range) => range.id === id) ?? hour;

/** A piece of time on the axis of every chart. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
}

/** The window of a range at `nowMs`: it begins at a whole bucket, so that no bucket is shown in part at the left. */
export const windowOf = (range: Range, nowMs: number): TimeWindow => {
  const stepMs = range.stepSeconds * 1000;
  const fromMs = Math.ceil((nowMs - range.seconds * 1000) / stepMs) * stepMs;
  return { fromMs, toMs: nowMs, stepSeconds: range.stepSeconds };
};
