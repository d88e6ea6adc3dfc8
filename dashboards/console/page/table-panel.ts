import type { PlacedPanel } from "../../page.ts";
import type { TablePanel } from "../../panel.ts";
import { createCard } from "./card.ts";
import { el } from "./dom.ts";
import { emptyText } from "./empty-text.ts";
import { formatExact, formatValue } from "./format.ts";
import type { Row } from "./frame.ts";
import { toNumber } from "./numbers.ts";
import type { Sorting } from "./sort.ts";
import { nextSorting, sortRows } from "./sort.ts";
import { standingOf } from "./standing.ts";
import { isAdditive } from "./sums.ts";
import type { PanelContext, PanelView } from "./view.ts";

/** A table whose headings sort it. */
export class TablePanelView implements PanelView {
  readonly element: HTMLElement;
  readonly questions: readonly string[];
  readonly #panel: TablePanel;
  readonly #context: PanelContext;
  readonly #card: ReturnType<typeof createCard>;
  readonly #head = el("tr");
  readonly #rows = el("tbody");
  #sorting: Sorting;
  #answer: readonly Row[] = [];

  constructor(placed: PlacedPanel, panel: TablePanel, context: PanelContext) {
    this.#panel = panel;
    this.#context = context;
    this.#sorting = { column: panel.sortBy, direction: "descending" };
    this.#card = createCard(placed);
    this.element = this.#card.element;
    this.questions = [panel.question];
    for (const { column, title } of panel.labels) this.#head.append(this.#heading(column, title, false));
    for (const { column, title } of panel.values) this.#head.append(this.#heading(column, title, true));
    const table = el("table", { "aria-labelledby": `panel-${panel.id}` }, el("thead", {}, this.#head), this.#rows);
    this.#card.body.append(
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": panel.title }, table),
    );
  }

  readonly update: PanelView["update"] = (answers) => {
    const rows = answers.get(this.#panel.question);
    if (rows instanceof Error) this.#card.show("error", rows.message);
    if (rows === undefined || rows instanceof Error) return;
    this.#answer = rows;
    this.#card.show(rows.length > 0 ? "ready" : "empty", emptyText(this.#panel));
    this.#draw();
  };

  readonly repaint = (): void => {};

  readonly #heading = (column: string, title: string, isNumeric: boolean): HTMLElement => {
    const button = el("button", { type: "button" }, title);
    button.addEventListener("click", () => {
      this.#sorting = nextSorting(this.#sorting, column, isNumeric);
      this.#draw();
    });
    return el("th", { scope: "col", class: isNumeric ? "value" : "label", "data-column": column }, button);
  };

  readonly #draw = (): void => {
    for (const heading of this.#head.children) {
      const isSorted = heading.getAttribute("data-column") === this.#sorting.column;
      if (isSorted) heading.setAttribute("aria-sort", this.#sorting.direction);
      else heading.removeAttribute("aria-sort");
    }
    this.#rows.replaceChildren(...sortRows(this.#answer, this.#sorting).map((row) => this.#line(row)));
  };

  readonly #line = (row: Row): HTMLElement =>
    el(
      "tr",
      {},
      ...this.#panel.labels.map((label, index) => this.#label(row[label.column], label, index === 0)),
      ...this.#panel.values.map((value) => this.#value(row[value.column], value)),
    );

  readonly #label = (cell: unknown, label: TablePanel["labels"][number], isFirst: boolean): HTMLElement => {
    const text = formatValue(cell === "" ? null : cell, "none");
    if (!isFirst) return el("td", { class: "label" }, text);
    return el(
      "th",
      { scope: "row", class: "label" },
      ...(label.isSeries === true ? [this.#swatch(text, label.column)] : []),
      text,
    );
  };

  /** All names of the answer are told to the palette at once, so that the order of lines has no say in their colours. */
  readonly #swatch = (name: string, column: string): HTMLElement => {
    const names = this.#answer.map((row) => formatValue(row[column], "none"));
    const slot = this.#context.palette.slotsOf(column, names).get(name) ?? 0;
    return el("span", { class: "swatch", "data-slot": slot, "aria-hidden": "true" });
  };

  /** A value that adds up has a bar behind it: its share of the column's largest. */
  readonly #value = (cell: unknown, value: TablePanel["values"][number]): HTMLElement => {
    const { column, unit, thresholds } = value;
    const text = formatValue(cell, unit);
    const element = el(
      "td",
      { class: "value", title: formatExact(cell, unit), "data-standing": standingOf(cell, thresholds) },
      text,
    );
    const top = Math.max(0, ...this.#answer.map((row) => toNumber(row[column]) ?? 0));
    if (isAdditive(unit) && top > 0) element.style.setProperty("--share", String((toNumber(cell) ?? 0) / top));
    return element;
  };
}
