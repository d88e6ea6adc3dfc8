import type { Call } from "../core/call.ts";
import type { EmbedderConfig } from "./embedder-config.ts";
import { sumKeyOf } from "./embedding-sums.ts";
import { textHash } from "./measure-hash.ts";

/** An answer that an endpoint is asked to embed. */
export interface AnswerToEmbed {
  readonly call: Call;
  readonly text: string;
  /** Where its series stands among those of the range. */
  readonly place: number;
}

/** Which answers are sent, and how much of them. */
export type PickRules = Pick<EmbedderConfig, "policies" | "share" | "answerCharacters">;

/** Why an answer is not sent, whatever the endpoint does. */
export type LeftOut = "policy" | "not_sampled";

/**
 * Gathers the answers of a range that an endpoint is to embed. Every series with an answer gets a place, sent or not: a range that is
 * read again under other settings must not give the place of one series to another, which would count it twice.
 */
export class AnswersToEmbed {
  readonly #rules: PickRules;
  readonly #places = new Map<string, number>();
  readonly #picked: AnswerToEmbed[] = [];
  readonly #leftOut: Record<LeftOut, number> = { policy: 0, not_sampled: 0 };

  constructor(rules: PickRules) {
    this.#rules = rules;
  }

  /** The answers to send, in the order in which they were read. */
  get picked(): readonly AnswerToEmbed[] {
    return this.#picked;
  }

  /** Answers that are not sent, by reason. */
  get leftOut(): Readonly<Record<LeftOut, number>> {
    return this.#leftOut;
  }

  /** Takes the answer of a call with the content policy of its span; null means that it names none, and text is kept as it came. */
  add(call: Call, text: string, policy: string | null): void {
    const place = this.#placeOf(call);
    const { policies, share, answerCharacters } = this.#rules;
    if (!policies.some((allowed) => allowed === (policy ?? "full"))) {
      this.#leftOut.policy += 1;
    } else if (drawOf(call) >= share) {
      this.#leftOut.not_sampled += 1;
    } else {
      // A character that the cut parts in two would be refused as text that is none.
      this.#picked.push({ call, place, text: text.trimStart().slice(0, answerCharacters).toWellFormed() });
    }
  }

  #placeOf(call: Call): number {
    const key = sumKeyOf(call);
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    return place;
  }
}

/** Evenly from 0 to 1 over calls, the same for a call whoever draws: a larger share has all calls of a smaller one. */
const drawOf = ({ callId }: Call): number => Number.parseInt(textHash(callId).slice(0, 12), 16) / 2 ** 48;
