import { byId, setText } from "./dom.ts";
import { formatAge } from "./durations.ts";

/** How the page as a whole is doing. */
export type PageState = "loading" | "live" | "paused" | "failing";

const words: Readonly<Record<PageState, string>> = {
  loading: "Loading",
  live: "Live",
  paused: "Paused",
  failing: "No answer, trying on",
};

/** The line in the header that says how fresh the page is. */
export class Status {
  #updatedAtMs: number | null = null;
  #state: PageState = "loading";

  /** Changes the state; `updatedAtMs` is given when answers have come. */
  readonly set = (state: PageState, updatedAtMs?: number): void => {
    this.#state = state;
    this.#updatedAtMs = updatedAtMs ?? this.#updatedAtMs;
    byId("live").dataset["state"] = state;
    setText(byId("state"), words[state]);
    this.tick();
  };

  /** The state last set. */
  get state(): PageState {
    return this.#state;
  }

  /** Brings the age up to date; to be called every second. */
  readonly tick = (): void => {
    const age = this.#updatedAtMs === null ? "" : `updated ${formatAge(Date.now() - this.#updatedAtMs)}`;
    setText(byId("age"), age);
  };
}
