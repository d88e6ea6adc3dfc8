import type { PlacedPanel } from "../../page.ts";
import type { StatPanel } from "../../panel.ts";
import { createCard } from "./card.ts";
import { splitDollars } from "./dollars.ts";
import { el } from "./dom.ts";
import { emptyText } from "./empty-text.ts";
import { formatExact, formatValue } from "./format.ts";
import type { Row } from "./frame.ts";
import { toNumber } from "./numbers.ts";
import { drawSparkline } from "./sparkline.ts";
import { standingOf } from "./standing.ts";
import type { PanelView } from "./view.ts";

/** The text of a headline in a strong and a quiet part: the digits that matter, then unit or further digits. */
const partsOf = (text: string, unit: StatPanel["value"]["unit"]): readonly [string, string] => {
  if (unit === "nanodollars") {
    const { lead, rest } = splitDollars(text);
    return [lead, rest];
  }
  const [, lead = text, rest = ""] = /^(\S+)( .+|%)$/.exec(text) ?? [];
  return [lead, rest];
};

const drawCaveat = ({ caveat }: StatPanel, row: Row | undefined): readonly HTMLElement[] => {
  const calls = caveat === null ? 0 : (toNumber(row?.[caveat.column]) ?? 0);
  if (caveat === null || calls === 0) return [];
  const noun = calls === 1 ? "call" : "calls";
  return [el("p", { class: "caveat" }, `${formatValue(calls, "calls")} ${noun} ${caveat.text}`)];
};

const drawNumber = (panel: StatPanel, row: Row | undefined): HTMLElement => {
  const cell = row?.[panel.value.column];
  const [lead, rest] = partsOf(formatValue(cell, panel.value.unit), panel.value.unit);
  const standing = standingOf(cell, panel.thresholds);
  return el(
    "p",
    { class: "number", title: formatExact(cell, panel.value.unit), "data-standing": standing },
    el("span", { class: "lead" }, lead),
    el("span", { class: "rest" }, rest),
  );
};

/** Shows one number, large, over a small line of its course. */
export const createStatPanel = (placed: PlacedPanel, panel: StatPanel): PanelView => {
  const card = createCard(placed);
  const { trend } = panel;
  return {
    element: card.element,
    questions: trend === null ? [panel.question] : [panel.question, trend.question],
    update: (answers, window) => {
      const rows = answers.get(panel.question);
      if (rows instanceof Error) card.show("error", rows.message);
      if (rows === undefined || rows instanceof Error) return;
      const row = rows[0];
      const trendRows = trend === null ? undefined : answers.get(trend.question);
      const isDrawable = trend !== null && trendRows !== undefined && !(trendRows instanceof Error);
      const line = isDrawable ? [drawSparkline(trendRows, trend, window)] : [];
      card.body.replaceChildren(drawNumber(panel, row), ...drawCaveat(panel, row), ...line);
      card.show(toNumber(row?.[panel.value.column]) === null ? "empty" : "ready", emptyText(panel));
    },
    repaint: () => {},
  };
};
