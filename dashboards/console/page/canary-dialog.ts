import { ApiError } from "./api.ts";
import type { CanaryAction, CanaryTold } from "./canary-told.ts";
import { endCanary } from "./canary-told.ts";
import { el, setText } from "./dom.ts";

const questions: Readonly<Record<CanaryAction, (told: CanaryTold) => string>> = {
  abort: ({ candidate, route }) => `Take ${candidate} back? It gets no traffic of ${route} any more.`,
  promote: ({ candidate, route }) => `Give ${candidate} all traffic of ${route}, whatever it was judged to be?`,
};

/** Where others shift the traffic, they are told. */
const questionOf = (told: CanaryTold, action: CanaryAction): string =>
  told.traffic === "gateway"
    ? questions[action](told)
    : `End the canary ${told.candidate}? Whoever shifts its traffic is told ${action === "abort" ? "to take it back" : "to go on"}.`;

/** Asks whether a canary is to end, and why; the token only where the server wants one. */
export class CanaryDialog {
  readonly element: HTMLDialogElement;
  readonly #title = el("h2");
  readonly #question = el("p");
  readonly #reason = el("input", { type: "text", required: true, maxlength: 500, autocomplete: "off" });
  readonly #token = el("input", { type: "password", autocomplete: "off" });
  readonly #tokenLabel = el("label", { hidden: true }, "Token of alerts.api.token", this.#token);
  readonly #error = el("p", { class: "message", role: "alert", hidden: true });
  readonly #go = el("button", { class: "quiet go", type: "submit" });
  readonly #onDone: () => void;
  #asked: { readonly told: CanaryTold; readonly action: CanaryAction } | null = null;

  constructor(onDone: () => void) {
    this.#onDone = onDone;
    const cancel = el("button", { class: "quiet", type: "button" }, "Cancel");
    const form = el(
      "form",
      {},
      this.#title,
      this.#question,
      el("label", {}, "Reason, kept with the verdict", this.#reason),
      this.#tokenLabel,
      this.#error,
      el("div", { class: "actions" }, cancel, this.#go),
    );
    this.element = el("dialog", { class: "ask" }, form);
    cancel.addEventListener("click", () => this.element.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  /** Opens it for one canary. */
  readonly ask = (told: CanaryTold, action: CanaryAction): void => {
    this.#asked = { told, action };
    const name = action === "abort" ? "Abort" : "Promote";
    setText(this.#title, `${name} ${told.candidate}`);
    setText(this.#question, questionOf(told, action));
    setText(this.#go, name);
    this.#go.dataset["action"] = action;
    this.#reason.value = "";
    this.#error.hidden = true;
    this.element.showModal();
    this.#reason.focus();
  };

  readonly #send = async (): Promise<void> => {
    if (this.#asked === null) return;
    const { told, action } = this.#asked;
    this.#go.disabled = true;
    try {
      await endCanary(told.id, action, { reason: this.#reason.value, token: this.#token.value });
      this.element.close();
      this.#onDone();
    } catch (error) {
      this.#tokenLabel.hidden &&= !(error instanceof ApiError && error.code === "http.unauthorized");
      this.#error.hidden = false;
      setText(this.#error, error instanceof Error ? error.message : String(error));
    } finally {
      this.#go.disabled = false;
    }
  };
}
