import { el } from "./dom.ts";

/** A choice of one among few, as a row of buttons. */
export interface SegmentsOptions {
  /** What is chosen, for a screen reader. */
  readonly name: string;
  readonly items: readonly { readonly id: string; readonly label: string; readonly name: string }[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** A row of buttons of which one is pressed. */
export interface Segments {
  readonly element: HTMLElement;
  /** Marks another one without telling `onSelect`. */
  readonly select: (id: string) => void;
}

const arrowSteps: ReadonlyMap<string, number> = new Map([
  ["ArrowRight", 1],
  ["ArrowDown", 1],
  ["ArrowLeft", -1],
  ["ArrowUp", -1],
]);

/** Creates a row of buttons that acts as one radio group: one stop of the Tab key, arrow keys choose. */
export const createSegments = ({ name, items, selected, onSelect }: SegmentsOptions): Segments => {
  const element = el("div", { class: "segments", role: "radiogroup", "aria-label": name });
  const buttons = items.map((item) =>
    el("button", { type: "button", role: "radio", "data-id": item.id, "aria-label": item.name }, item.label),
  );
  const select = (id: string): void => {
    for (const button of buttons) {
      const isSelected = button.dataset["id"] === id;
      button.setAttribute("aria-checked", String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
    }
  };
  const choose = (button: HTMLButtonElement | undefined): void => {
    const id = button?.dataset["id"];
    if (id === undefined) return;
    select(id);
    button?.focus();
    onSelect(id);
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button));
  element.addEventListener("keydown", (event) => {
    const step = arrowSteps.get(event.key);
    if (step === undefined) return;
    event.preventDefault();
    const index = buttons.findIndex((button) => button.getAttribute("aria-checked") === "true");
    choose(buttons[(index + step + buttons.length) % buttons.length]);
  });
  element.append(...buttons);
  select(selected);
  return { element, select };
};
