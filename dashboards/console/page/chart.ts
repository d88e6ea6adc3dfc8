import uPlot from "uplot";
import type { TimeseriesPanel, Unit } from "../../panel.ts";
import type { DrawnSeries } from "./chart-options.ts";
import { chartOptions } from "./chart-options.ts";
import { el } from "./dom.ts";
import type { Frame, FrameSeries } from "./frame.ts";
import { plotted } from "./frame.ts";
import { stack } from "./stack.ts";
import type { TooltipContent } from "./tooltip.ts";
import { drawTooltip } from "./tooltip.ts";

/** What a chart shows now. */
export interface ChartContent {
  readonly frame: Frame;
  /** The series that are not hidden, each with its colour, from the bottom of a stack to its top. */
  readonly visible: readonly (DrawnSeries & { readonly source: FrameSeries })[];
  /** The value column drawn. */
  readonly column: string;
  readonly unit: Unit;
  readonly tooltipAt: (index: number) => TooltipContent;
}

/** Places the tooltip beside the cursor, on the side with more room. */
const placeTooltip = (tip: HTMLElement, chart: uPlot): void => {
  const left = chart.over.offsetLeft + (chart.cursor.left ?? 0);
  const isRight = left > chart.width / 2;
  const x = isRight
    ? Math.max(0, left - tip.offsetWidth - 14)
    : Math.min(left + 14, Math.max(0, chart.width - tip.offsetWidth));
  tip.style.transform = `translate(${Math.round(x)}px, 6px)`;
};

/** A uPlot chart that follows its element's size, the theme and its data. */
export class Chart {
  readonly element = el("div", { class: "plot", tabindex: 0, role: "img" });
  readonly #tip = el("div", { class: "tip", hidden: true });
  readonly #shape: TimeseriesPanel["shape"];
  #plot: uPlot | undefined;
  #drawn = "";
  #content: ChartContent | undefined;

  constructor(shape: TimeseriesPanel["shape"]) {
    this.#shape = shape;
    this.element.append(this.#tip);
    new ResizeObserver(() => this.#resize()).observe(this.element);
    this.element.addEventListener("keydown", (event) => this.#moveByKey(event));
    this.element.addEventListener("mouseleave", () => this.#hideTip());
    this.element.addEventListener("blur", () => this.#hideTip());
  }

  /** Shows other data; the chart is built again only when its series have changed. */
  readonly update = (content: ChartContent): void => {
    this.#content = content;
    const drawn = JSON.stringify([content.column, content.visible.map(({ name, slot }) => [name, slot])]);
    if (this.#plot === undefined || drawn !== this.#drawn) this.#build();
    else this.#plot.setData(this.#data(content));
    this.#drawn = drawn;
  };

  /** Draws again in the colours of the theme that is now in effect. */
  readonly repaint = (): void => {
    if (this.#content !== undefined) this.#build();
  };

  readonly #build = (): void => {
    const content = this.#content;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (content === undefined || width === 0 || height === 0) return;
    this.#plot?.destroy();
    const series = this.#order(content.visible);
    const look = {
      unit: content.unit,
      shape: this.#shape,
      series,
      size: { width, height },
      span: this.#span,
      onCursor: this.#showTip,
    };
    this.#plot = new uPlot(chartOptions(look, this.element), this.#data(content), this.element);
  };

  /** The tallest layer of a stack is drawn first, because each layer begins at 0 and covers the one before. */
  readonly #order = <Item>(items: readonly Item[]): readonly Item[] =>
    this.#shape === "bars" ? items.toReversed() : items;

  readonly #data = ({ frame, visible, column, unit }: ChartContent): uPlot.AlignedData => {
    const values = visible.map(({ source }) => plotted(source, column, unit));
    const drawn = this.#order(this.#shape === "bars" ? stack(values) : values);
    // A value stands for its whole bucket, so it is drawn in the middle, and the cursor finds it from either half.
    const middles = frame.timesMs.map((ms) => ms + frame.stepMs / 2);
    return [middles, ...drawn.map((layer) => [...layer])];
  };

  readonly #span = (): readonly [number, number] => {
    const { timesMs, stepMs } = this.#content?.frame ?? { timesMs: [], stepMs: 0 };
    return [timesMs[0] ?? 0, (timesMs.at(-1) ?? 0) + stepMs];
  };

  readonly #resize = (): void => {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    if (this.#plot === undefined) this.#build();
    else if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize({ width, height });
  };

  /** A synchronised chart moves its crosshair too; only the one in use says what stands there. */
  readonly #showTip = (chart: uPlot, index: number | null): void => {
    const isInUse = this.element.matches(":hover") || document.activeElement === this.element;
    if (index === null || !isInUse || this.#content === undefined || (chart.cursor.left ?? -1) < 0) {
      this.#hideTip();
      return;
    }
    this.#tip.replaceChildren(...drawTooltip(this.#content.tooltipAt(index)));
    this.#tip.hidden = false;
    placeTooltip(this.#tip, chart);
  };

  readonly #hideTip = (): void => {
    this.#tip.hidden = true;
  };

  readonly #moveByKey = (event: KeyboardEvent): void => {
    const plot = this.#plot;
    const step = event.key === "ArrowLeft" ? -1 : Number(event.key === "ArrowRight");
    if (plot === undefined || step === 0) return;
    event.preventDefault();
    const times = plot.data[0];
    const index = Math.min(times.length - 1, Math.max(0, (plot.cursor.idx ?? times.length) + step));
    plot.setCursor({ left: plot.valToPos(times[index] ?? 0, "x"), top: 8 });
  };
}
