import type { PlacedPanel } from "../../page.ts";
import { el, setText } from "./dom.ts";

/** What a card shows: it waits, has data, has none, or could not get any. */
export type CardState = "loading" | "ready" | "empty" | "error";

/** The frame around a panel: title, explanation, states; the panel draws into `body`. */
export interface Card {
  readonly element: HTMLElement;
  /** Holds the panel; hidden unless there is something to show. */
  readonly body: HTMLElement;
  /** Room beside the title for controls. */
  readonly controls: HTMLElement;
  /** Shows a state; an error keeps the last data in sight, dimmed. */
  readonly show: (state: CardState, message?: string) => void;
}

/** Creates the card of a placed panel, loading. */
export const createCard = ({ panel, width, height }: PlacedPanel): Card => {
  const headingId = `panel-${panel.id}`;
  const about = el("span", { class: "about", role: "tooltip", id: `${headingId}-about` }, panel.description);
  const info = el(
    "button",
    { class: "info", type: "button", "aria-label": `About ${panel.title}`, "aria-describedby": about.id },
    "?",
  );
  const controls = el("div", { class: "controls" });
  const heading = el("h3", { id: headingId }, panel.title);
  const message = el("p", { class: "message", role: "status" });
  const body = el("div", { class: "body" });
  const skeleton = el("div", { class: "skeleton", "aria-hidden": "true" });
  const element = el(
    "article",
    {
      class: `card ${panel.kind}`,
      "aria-labelledby": headingId,
      "data-panel": panel.id,
      "data-state": "loading",
      "aria-busy": "true",
    },
    el("header", {}, heading, el("span", { class: "explain" }, info, about), controls),
    message,
    skeleton,
    body,
  );
  element.style.setProperty("--width", String(width));
  element.style.setProperty("--height", String(height));
  let hasData = false;
  const show = (state: CardState, text = ""): void => {
    hasData ||= state === "ready";
    if (state === "empty") hasData = false;
    element.dataset["state"] = state;
    element.dataset["stale"] = String(state === "error" && hasData);
    element.setAttribute("aria-busy", String(state === "loading"));
    setText(message, text);
  };
  return { element, body, controls, show };
};
