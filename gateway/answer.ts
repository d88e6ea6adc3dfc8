import { rawUsageText } from "../core/raw-usage.ts";
import type { Usage } from "../core/usage.ts";
import { AnswerChoice } from "./answer-choice.ts";
import { isRecord } from "./is-record.ts";
import type { Message } from "./message.ts";
import { providerErrorType } from "./provider-error-type.ts";
import { readProviderUsage } from "./provider-usage.ts";
import { TokenEstimate } from "./token-estimate.ts";
import type { AnswerEvent } from "./wires/answer-event.ts";

/** OpenAI allows 128 choices; a provider that numbers more must not fill our memory. */
const maxChoices = 128;

/** What is learnt of an answer while its completion, or the chunks of its stream, go by. */
export class Answer {
  readonly #keepCharacters: number;
  readonly #estimate = new TokenEstimate();
  readonly #choices = new Map<number, AnswerChoice>();
  #responseId: string | null = null;
  #model: string | null = null;
  #usage: Usage | null = null;
  #rawUsage: unknown = null;
  #errorType: string | null = null;
  #hasContent = false;
  #isMalformed = false;

  /** `keepCharacters` bounds the text kept of each part; 0 keeps none, the counts are the same. */
  constructor(keepCharacters: number) {
    this.#keepCharacters = keepCharacters;
  }

  /** The provider's id of the answer; null when it sent none. */
  get responseId(): string | null {
    return this.#responseId;
  }

  /** The model that answered, in the provider's words; null when it did not say. */
  get model(): string | null {
    return this.#model;
  }

  /** The last counts the provider sent; null when it sent none. */
  get usage(): Usage | null {
    return this.#usage;
  }

  /** What the provider sent as counts, as JSON without anything that could be text; empty when it sent none. */
  get rawUsage(): string {
    return rawUsageText(this.#rawUsage);
  }

  /** What kind of error the provider reported within the answer; null when it reported none. */
  get errorType(): string | null {
    return this.#errorType;
  }

  /** Whether an event of the stream could not be read. */
  get isMalformed(): boolean {
    return this.#isMalformed;
  }

  /** Whether any text, reasoning or tool call has come. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** Estimated tokens of the content so far. */
  get estimatedTokens(): number {
    return this.#estimate.tokens;
  }

  /** One reason per finished choice, in order of the choices. */
  get finishReasons(): readonly string[] {
    const reasons: string[] = [];
    for (const { finishReason } of this.#ordered()) {
      if (finishReason !== null) reasons.push(finishReason);
    }
    return reasons;
  }

  /** Whether there is a choice and every choice has said why it ended. */
  get isFinished(): boolean {
    for (const { finishReason } of this.#choices.values()) {
      if (finishReason === null) return false;
    }
    return this.#choices.size > 0;
  }

  /** Bytes of text that came and were not kept; 0 while all was. */
  get cutBytes(): number {
    return this.#ordered().reduce((sum, choice) => sum + choice.cutBytes, 0);
  }

  /** Takes in a parsed completion or chunk; true when it brought content. */
  read(value: unknown): boolean {
    if (!isRecord(value)) {
      return false;
    }
    this.#readFacts(value);
    const choices: unknown = value["choices"];
    let hasContent = false;
    for (const choice of Array.isArray(choices) ? choices : []) {
      hasContent = (isRecord(choice) && this.#choiceOf(choice)?.read(choice) === true) || hasContent;
    }
    this.#hasContent ||= hasContent;
    return hasContent;
  }

  /** Takes in that an event of the stream could not be read. */
  sawMalformed(): void {
    this.#isMalformed = true;
  }

  /** Takes in one step of an answer that is no chat completion; true when it brought content. */
  take(event: AnswerEvent): boolean {
    switch (event.kind) {
      case "start":
        this.#responseId ??= event.id;
        this.#model = event.model ?? this.#model;
        return false;
      case "usage":
        this.#usage = event.usage;
        this.#rawUsage = event.raw;
        return false;
      case "error":
        this.#errorType = event.errorType;
        return false;
      case "vectors":
        return false;
      default: {
        const hasContent = this.#choiceOf({})?.take(event) === true;
        this.#hasContent ||= hasContent;
        return hasContent;
      }
    }
  }

  /** The answer as messages, one per choice. */
  messages(): readonly Message[] {
    return this.#ordered().map((choice) => ({ role: "assistant", parts: choice.parts() }));
  }

  #readFacts(value: Readonly<Record<string, unknown>>): void {
    if (typeof value["id"] === "string" && value["id"] !== "") {
      this.#responseId ??= value["id"];
    }
    if (typeof value["model"] === "string" && value["model"] !== "") {
      this.#model = value["model"];
    }
    const { usage } = value;
    if (isRecord(usage)) {
      this.#usage = readProviderUsage(usage, value["service_tier"]) ?? this.#usage;
      this.#rawUsage = usage;
    }
    if (value["error"] !== undefined && value["error"] !== null) {
      this.#errorType = providerErrorType(value["error"]);
    }
  }

  #choiceOf(choice: Readonly<Record<string, unknown>>): AnswerChoice | undefined {
    const index = typeof choice["index"] === "number" ? choice["index"] : 0;
    const known = this.#choices.get(index);
    if (known !== undefined || this.#choices.size >= maxChoices) {
      return known;
    }
    const made = new AnswerChoice({ keepCharacters: this.#keepCharacters, estimate: this.#estimate });
    this.#choices.set(index, made);
    return made;
  }

  #ordered(): readonly AnswerChoice[] {
    return this.#choices.size < 2
      ? [...this.#choices.values()]
      : [...this.#choices].sort(([a], [b]) => a - b).map(([, choice]) => choice);
  }
}
