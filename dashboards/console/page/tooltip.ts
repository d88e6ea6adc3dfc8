import type { PanelValue } from "../../panel.ts";
import { el } from "./dom.ts";
import { formatValue } from "./format.ts";
import { toNumber } from "./numbers.ts";
import { sumCells } from "./sums.ts";

/** A series at one bucket. */
export interface TooltipRow {
  readonly name: string;
  readonly slot: number;
  /** Cells by value column. */
  readonly cells: Readonly<Record<string, unknown>>;
}

/** What a tooltip says. */
export interface TooltipContent {
  readonly heading: string;
  readonly values: readonly PanelValue[];
  /** Order of rows: by this column, from the largest. */
  readonly orderBy: string;
  readonly rows: readonly TooltipRow[];
  readonly hasTotal: boolean;
}

const lineOf = (row: TooltipRow, values: readonly PanelValue[]): HTMLElement =>
  el(
    "tr",
    {},
    el("th", { scope: "row" }, el("span", { class: "swatch", "data-slot": row.slot, "aria-hidden": "true" }), row.name),
    ...values.map(({ column, unit }) => el("td", {}, formatValue(row.cells[column], unit))),
  );

const totalOf = ({ rows, values }: TooltipContent): HTMLElement =>
  el(
    "tr",
    { class: "total" },
    el("th", { scope: "row" }, "Total"),
    ...values.map(({ column, unit }) =>
      el("td", {}, formatValue(sumCells(rows.map(({ cells }) => cells[column])), unit)),
    ),
  );

/** The content of a tooltip as a small table: a line for each series that has a value, and their total where it means something. */
export const drawTooltip = (content: TooltipContent): readonly HTMLElement[] => {
  const { heading, values, orderBy, hasTotal } = content;
  const known = content.rows.filter(({ cells }) => values.some(({ column }) => toNumber(cells[column]) !== null));
  const rows = known.toSorted((a, b) => (toNumber(b.cells[orderBy]) ?? -1) - (toNumber(a.cells[orderBy]) ?? -1));
  const head = el("tr", {}, el("td", {}), ...values.map(({ title }) => el("th", { scope: "col" }, title)));
  const lines = rows.map((row) => lineOf(row, values));
  const foot = hasTotal && rows.length > 1 ? [totalOf({ ...content, rows })] : [];
  const table = el("table", {}, ...(values.length > 1 ? [head] : []), ...lines, ...foot);
  return [el("p", { class: "when" }, heading), rows.length === 0 ? el("p", {}, "nothing recorded") : table];
};
