import type { PlacedPanel } from "../../page.ts";
import type { TimeseriesPanel } from "../../panel.ts";
import { createCard } from "./card.ts";
import { Chart } from "./chart.ts";
import { el } from "./dom.ts";
import { emptyText } from "./empty-text.ts";
import { formatValue } from "./format.ts";
import type { Frame, FrameSeries } from "./frame.ts";
import { buildFrame, hasValues } from "./frame.ts";
import { drawLegend } from "./legend.ts";
import type { TimeWindow } from "./ranges.ts";
import { createSegments } from "./segments.ts";
import { isAdditive, sumCells } from "./sums.ts";
import { formatBucket } from "./timestamps.ts";
import type { TooltipContent } from "./tooltip.ts";
import type { PanelContext, PanelView } from "./view.ts";

interface Shown {
  readonly frame: Frame;
  readonly window: TimeWindow;
}

/** The value column of one series: with a label column the one chosen, without one the series' own. */
const columnOf = (panel: TimeseriesPanel, series: FrameSeries, chosen: string): string =>
  panel.series.length === 0 ? (Object.keys(series.cells)[0] ?? chosen) : chosen;

/** Makes all series speak of one column, so that a chart need not know where it came from. */
const underOneColumn = (panel: TimeseriesPanel, series: FrameSeries, chosen: string): FrameSeries => {
  const cells = series.cells[columnOf(panel, series, chosen)] ?? [];
  return { name: series.name, cells: { ...series.cells, [chosen]: cells } };
};

/** Draws values over time, with a legend that hides series and, where a series has several values, a choice of one. */
export class ChartPanel implements PanelView {
  readonly element: HTMLElement;
  readonly questions: readonly string[];
  readonly #panel: TimeseriesPanel;
  readonly #context: PanelContext;
  readonly #card: ReturnType<typeof createCard>;
  readonly #chart: Chart;
  readonly #legend = el("div", { class: "legend", role: "group", "aria-label": "Series" });
  readonly #hidden = new Set<string>();
  #chosen: string;
  #shown: Shown | undefined;

  constructor(placed: PlacedPanel, panel: TimeseriesPanel, context: PanelContext) {
    this.#panel = panel;
    this.#context = context;
    this.#chosen = panel.shown;
    this.#card = createCard(placed);
    this.#chart = new Chart(panel.shape);
    this.element = this.#card.element;
    this.questions = [panel.question];
    this.#card.body.append(this.#chart.element, this.#legend);
    if (panel.series.length > 0 && panel.values.length > 1) this.#card.controls.append(this.#choices());
  }

  readonly update: PanelView["update"] = (answers, window) => {
    const rows = answers.get(this.#panel.question);
    if (rows instanceof Error) this.#card.show("error", rows.message);
    if (rows === undefined || rows instanceof Error) return;
    this.#shown = { frame: buildFrame(this.#panel, rows, window), window };
    this.#card.show(hasValues(this.#shown.frame) ? "ready" : "empty", emptyText(this.#panel));
    this.#draw();
  };

  readonly repaint = (): void => this.#chart.repaint();

  readonly #choices = (): HTMLElement =>
    createSegments({
      name: "Value shown",
      items: this.#panel.values.map(({ column, title }) => ({ id: column, label: title, name: title })),
      selected: this.#chosen,
      onSelect: (column) => {
        this.#chosen = column;
        this.#draw();
      },
    }).element;

  readonly #draw = (): void => {
    const shown = this.#shown;
    if (shown === undefined) return;
    const { frame } = shown;
    const slots = this.#context.palette.slotsOf(
      this.#panel.series.join(" ") || this.#panel.id,
      frame.series.map(({ name }) => name),
    );
    const all = frame.series.map((series) => ({
      name: series.name,
      slot: slots.get(series.name) ?? 0,
      source: underOneColumn(this.#panel, series, this.#chosen),
    }));
    const visible = all.filter(({ name }) => !this.#hidden.has(name));
    const unit = this.#panel.values[0]?.unit ?? "none";
    this.#chart.element.setAttribute(
      "aria-label",
      `${this.#panel.title}: ${all.map(({ name }) => name).join(", ")}. Arrow keys move the cursor.`,
    );
    this.#chart.update({
      frame,
      visible,
      column: this.#chosen,
      unit,
      tooltipAt: (index) => this.#tooltip(shown, visible, index),
    });
    const total = ({ cells }: FrameSeries): string =>
      isAdditive(unit) ? formatValue(sumCells(cells[this.#chosen] ?? []), unit) : "";
    drawLegend(
      this.#legend,
      all.map(({ name, slot, source }) => ({ name, slot, total: total(source), isHidden: this.#hidden.has(name) })),
      this.#toggle,
    );
  };

  readonly #toggle = (name: string): void => {
    if (!this.#hidden.delete(name)) this.#hidden.add(name);
    this.#draw();
  };

  readonly #tooltip = (
    { frame, window }: Shown,
    visible: readonly { readonly name: string; readonly slot: number; readonly source: FrameSeries }[],
    index: number,
  ): TooltipContent => {
    const { values, series } = this.#panel;
    const shown = series.length === 0 ? values.filter(({ column }) => column === this.#chosen) : values;
    return {
      heading: formatBucket(frame.timesMs[index] ?? 0, window.stepSeconds),
      values: shown,
      orderBy: this.#chosen,
      rows: visible.map(({ name, slot, source }) => ({
        name,
        slot,
        cells: Object.fromEntries(Object.entries(source.cells).map(([column, cells]) => [column, cells[index]])),
      })),
      hasTotal: this.#panel.shape === "bars" && isAdditive(values[0]?.unit ?? "none"),
    };
  };
}
