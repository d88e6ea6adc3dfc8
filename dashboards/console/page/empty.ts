import { el } from "./dom.ts";
import type { TryNext } from "./page-model.ts";
import { ranges } from "./ranges.ts";
import type { Selection } from "./selection.ts";

const copyButton = (command: string): HTMLElement => {
  const button = el("button", { class: "quiet", type: "button", "aria-label": "Copy the command" }, "Copy");
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(command).then(
      () => button.replaceChildren("Copied"),
      () => button.replaceChildren("Select it by hand"),
    );
  });
  return button;
};

/** A command with a button that copies it. */
export const createCommand = (command: string): HTMLElement =>
  el("div", { class: "command" }, el("pre", { tabindex: 0 }, el("code", {}, command)), copyButton(command));

const commandOf = ({ title, command }: TryNext): HTMLElement =>
  el("li", {}, el("h3", {}, title), createCommand(command));

/** What an empty page is about. */
export interface EmptyOptions {
  readonly selection: Selection;
  readonly tryNext: readonly TryNext[];
  /** Runs when the reader widens the selection. */
  readonly onChoose: (selection: Selection) => void;
}

/** Selections that may hold what this one does not: the next longer range, and all of the traffic. */
const widerThan = ({
  range,
  where,
}: Selection): readonly { readonly label: string; readonly selection: Selection }[] => {
  const longer = ranges[ranges.findIndex(({ id }) => id === range.id) + 1];
  return [
    ...(Object.keys(where).length === 0 ? [] : [{ label: "Show all traffic", selection: { range, where: {} } }]),
    ...(longer === undefined ? [] : [{ label: `Show the ${longer.name}`, selection: { range: longer, where } }]),
  ];
};

/** Draws what to do when there was no call: commands that make one, and ways to a wider selection. */
export const drawEmpty = (target: HTMLElement, { selection, tryNext, onChoose }: EmptyOptions): void => {
  const chosen = Object.values(selection.where).join(", ");
  const buttons = widerThan(selection).map((wider) => {
    const button = el("button", { class: "quiet", type: "button" }, wider.label);
    button.addEventListener("click", () => onChoose(wider.selection));
    return button;
  });
  target.replaceChildren(
    el("h2", {}, `No calls ${chosen === "" ? "" : `of ${chosen} `}in the ${selection.range.name}`),
    el("p", {}, "This page fills by itself as soon as a call has gone through the gateway. To see one now:"),
    el("ol", {}, ...tryNext.map(commandOf)),
    el("div", { class: "wider" }, ...buttons),
  );
};
