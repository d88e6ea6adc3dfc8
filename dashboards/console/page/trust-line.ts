import { fetchTrust } from "./api.ts";
import { byId, setText } from "./dom.ts";

/** Whether what is stored can be trusted, as far as the page knows. */
type TrustState = "unknown" | "trusted" | "frozen";

const words: Readonly<Record<TrustState, string>> = {
  unknown: "Telemetry not known",
  trusted: "Telemetry complete",
  frozen: "Telemetry not trusted",
};

/** The word in the header that says whether what is stored can be trusted, and the line below it that says why not. */
export class TrustLine {
  /** Asks and shows the answer; it never rejects, and shows nothing after `signal` has aborted. */
  readonly refresh = async (signal: AbortSignal): Promise<void> => {
    const answer = await fetchTrust(signal).catch(() => null);
    if (signal.aborted) return;
    if (answer === null) this.#show("unknown", "");
    else this.#show(answer.isTrusted ? "trusted" : "frozen", answer.reason);
  };

  readonly #show = (state: TrustState, reason: string): void => {
    const word = byId("trust");
    word.dataset["state"] = state;
    word.title = reason;
    setText(byId("trust-word"), words[state]);
    const why = byId("frozen");
    why.hidden = state !== "frozen";
    setText(why, state === "frozen" ? `Automatic actions are frozen: ${reason}.` : "");
  };
}
