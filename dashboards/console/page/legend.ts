import { el } from "./dom.ts";

/** One series in a legend. */
export interface LegendEntry {
  readonly name: string;
  /** Slot of the palette. */
  readonly slot: number;
  /** Its sum over the range as text; empty where sums mean nothing. */
  readonly total: string;
  readonly isHidden: boolean;
}

/** Draws a legend of buttons; a press shows or hides its series. */
export const drawLegend = (
  target: HTMLElement,
  entries: readonly LegendEntry[],
  onToggle: (name: string) => void,
): void => {
  const focused = document.activeElement?.closest("[data-series]")?.getAttribute("data-series");
  const hadFocus = target.contains(document.activeElement);
  const buttons = entries.map(({ name, slot, total, isHidden }) =>
    el(
      "button",
      { class: "series", type: "button", "aria-pressed": String(!isHidden), "data-series": name, title: name },
      el("span", { class: "swatch", "data-slot": slot, "aria-hidden": "true" }),
      el("span", { class: "name" }, name),
      el("span", { class: "total" }, total),
    ),
  );
  for (const button of buttons) button.addEventListener("click", () => onToggle(button.dataset["series"] ?? ""));
  target.replaceChildren(...buttons);
  if (hadFocus) buttons.find((button) => button.dataset["series"] === focused)?.focus();
};
