import type { BaselineWindow, PinnedBaseline } from "../../core/pinned-baseline.ts";
import type { BlessedTold } from "./baseline-client.ts";

const columns = ["baseline", "series", "from", "to", "answers", "by", "state"] as const;

/** Baselines as a table for people. */
export const baselineText = (baselines: readonly PinnedBaseline[]): string => {
  if (baselines.length === 0) {
    return "no baseline is pinned; `plumbline baseline bless --help` tells how\n";
  }
  return tableText([columns, ...baselines.map(cellsOf)]);
};

/** What a baseline took in, series by series. */
export const blessedText = ({ baseline, series }: BlessedTold): string => {
  const rows = series.map(({ tenant, variant, model, answers, hours, measures }) => [
    ...[tenant, variant, model],
    ...[answers, hours, measures].map(String),
  ]);
  const taken = tableText([["tenant", "variant", "model", "answers", "hours", "measures"], ...rows]);
  return `${baselineText([baseline])}\nIt takes in:\n${taken}`;
};

const cellsOf = ({ id, window, answers, by, cleared }: PinnedBaseline): readonly string[] => [
  id,
  seriesOf(window),
  window.from,
  window.to,
  String(answers),
  by,
  cleared === null ? "holds" : `cleared by ${cleared.by}`,
];

const seriesOf = (window: BaselineWindow): string =>
  Object.entries(window)
    .filter(([name]) => name !== "from" && name !== "to")
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");

const tableText = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${lineOf(row)}\n`).join("");
};
