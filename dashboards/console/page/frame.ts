import type { TimeseriesPanel, Unit } from "../../panel.ts";
import { toPlotted } from "./axis.ts";
import type { TimeWindow } from "./ranges.ts";
import { toTimeMs } from "./timestamps.ts";

/** A row of an answer by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** A line or a layer of bars, aligned with the times of its frame. */
export interface FrameSeries {
  readonly name: string;
  /** Cells by value column, as the answer had them; undefined where it had no row. */
  readonly cells: Readonly<Record<string, readonly unknown[]>>;
}

/** An answer laid out on the buckets of a window. */
export interface Frame {
  /** Starts of the buckets, in milliseconds since the Unix epoch, without gaps. */
  readonly timesMs: readonly number[];
  /** Width of a bucket. */
  readonly stepMs: number;
  /** In order of name. */
  readonly series: readonly FrameSeries[];
}

const bucketsOf = (window: TimeWindow): readonly number[] => {
  const stepMs = window.stepSeconds * 1000;
  const first = Math.floor(window.fromMs / stepMs) * stepMs;
  const count = Math.max(0, Math.ceil((window.toMs - first) / stepMs));
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
};

const nameOf = (cell: unknown): string =>
  cell === null || cell === undefined || cell === "" ? "unknown" : String(cell);

/** The name of a series from its labels: `timeout · openai`. */
const seriesName = (row: Row, columns: readonly string[]): string =>
  columns.map((column) => nameOf(row[column])).join(" · ");

/**
 * Lays rows out on the buckets of the window: one series for each combination of the panel's labels, or one for each
 * value column. A row outside the window is left out; a bucket without a row stays undefined, which is not 0.
 */
export const buildFrame = (panel: TimeseriesPanel, rows: readonly Row[], window: TimeWindow): Frame => {
  const timesMs = bucketsOf(window);
  const stepMs = window.stepSeconds * 1000;
  const first = timesMs[0] ?? 0;
  const cells = new Map<string, Record<string, unknown[]>>();
  const put = (name: string, column: string, entry: { readonly index: number; readonly cell: unknown }): void => {
    const columns = cells.get(name) ?? {};
    cells.set(name, columns);
    const values = columns[column] ?? new Array<unknown>(timesMs.length).fill(undefined);
    columns[column] = values;
    values[entry.index] = entry.cell;
  };
  for (const row of rows) {
    const time = toTimeMs(row[panel.time]);
    const index = time === null ? -1 : Math.floor((time - first) / stepMs);
    if (index < 0 || index >= timesMs.length) continue;
    for (const { column, title } of panel.values) {
      put(panel.series.length === 0 ? title : seriesName(row, panel.series), column, { index, cell: row[column] });
    }
  }
  const series = [...cells].map(([name, columns]) => ({ name, cells: columns }));
  return {
    timesMs,
    stepMs,
    series: panel.series.length === 0 ? series : series.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
};

/** The numbers a chart plots for one value column of a series; null is a gap. */
export const plotted = (series: FrameSeries, column: string, unit: Unit): readonly (number | null)[] =>
  (series.cells[column] ?? []).map((cell) => toPlotted(cell, unit));

/** Whether any cell of the frame holds a value. */
export const hasValues = (frame: Frame): boolean =>
  frame.series.some(({ cells }) =>
    Object.values(cells).some((column) => column.some((cell) => toPlotted(cell, "none") !== null)),
  );
