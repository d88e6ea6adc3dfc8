import type { CanaryCard } from "./canary-card.ts";
import { createCanaryCard } from "./canary-card.ts";
import { CanaryDialog } from "./canary-dialog.ts";
import type { CanaryTold } from "./canary-told.ts";
import { fetchCanaries } from "./canary-told.ts";
import { el, setText } from "./dom.ts";
import { createCommand } from "./empty.ts";

/** Canaries that are over and still shown; the panel below lists all of the range. */
const shownEnded = 2;

/** The canaries of this moment, whatever range the page shows, with what a person can do to them. */
export class CanariesView {
  readonly element: HTMLElement;
  readonly #list = el("div", { class: "canaries" });
  readonly #none = el(
    "div",
    { class: "card no-canary", hidden: true },
    el("p", {}, "No canary runs. One gives a target traffic step by step, and takes it back when it does harm:"),
    createCommand("npx plumbline canary start ROUTE CANDIDATE"),
  );
  readonly #error = el("p", { class: "canary-error", role: "status", hidden: true });
  readonly #cards = new Map<string, CanaryCard>();
  readonly #dialog: CanaryDialog;

  constructor(onChange: () => void) {
    this.#dialog = new CanaryDialog(onChange);
    this.element = el(
      "section",
      { class: "row", "aria-label": "Canaries", hidden: true },
      el("h2", {}, "Canaries"),
      this.#error,
      this.#none,
      this.#list,
      this.#dialog.element,
    );
  }

  /** Asks and shows the answer; it never rejects, keeps what it showed when nobody answers, and shows nothing once `signal` has aborted. */
  readonly refresh = async (signal: AbortSignal): Promise<void> => {
    const answer = await fetchCanaries(signal).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (signal.aborted) return;
    this.element.hidden = answer === null;
    this.#error.hidden = !(answer instanceof Error);
    if (answer instanceof Error) setText(this.#error, answer.message);
    else if (answer !== null) this.#show(answer);
  };

  readonly #show = (canaries: readonly CanaryTold[]): void => {
    const underWay = canaries.filter(({ endedAtMs }) => endedAtMs === null);
    const ended = canaries.filter(({ endedAtMs }) => endedAtMs !== null).slice(0, shownEnded);
    const shown = [...underWay, ...ended];
    this.#none.hidden = underWay.length > 0;
    for (const id of this.#cards.keys()) if (!shown.some((told) => told.id === id)) this.#remove(id);
    shown.forEach((told, index) => {
      const card = this.#cards.get(told.id) ?? createCanaryCard(this.#dialog.ask);
      this.#cards.set(told.id, card);
      card.update(told, Date.now());
      // Moved only when it must be: what is moved loses the focus.
      if (this.#list.children[index] !== card.element)
        this.#list.insertBefore(card.element, this.#list.children[index] ?? null);
    });
  };

  readonly #remove = (id: string): void => {
    this.#cards.get(id)?.element.remove();
    this.#cards.delete(id);
  };
}
