import type { Clock } from "../core/clock.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import type { AnswerToEmbed } from "./answers-to-embed.ts";
import type { ReadVector } from "./embedder-answer.ts";
import { MinuteBudget } from "./embedder-budget.ts";
import type { EmbedderConfig } from "./embedder-config.ts";
import { EndpointKey } from "./embedder-key.ts";
import type { Embedded, Fetch } from "./embedder-request.ts";
import { requestEmbeddings } from "./embedder-request.ts";
import { EndpointRest } from "./embedder-rest.ts";
import { countAnswers } from "./embedder-result.ts";

/** What an endpoint is asked with. */
export interface EmbedderDeps {
  readonly config: EmbedderConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly fetch: Fetch;
}

/** How long a request may take. */
export interface RequestLimits {
  /** Aborts when the processors are to stop. */
  readonly stopping: AbortSignal;
  /** Aborts when the rows can wait no longer. */
  readonly late: AbortSignal;
}

/** The vectors of some answers, in their order. */
export interface EmbeddedAnswers {
  readonly answers: readonly AnswerToEmbed[];
  /** Null when the endpoint did not say which model it was. */
  readonly model: string | null;
  readonly vectors: readonly ReadVector[];
}

/** Asks an endpoint within its budget, and leaves it alone for a while after a failure; for all partitions of a process. */
export class EmbedderClient {
  readonly #deps: EmbedderDeps;
  readonly #key: EndpointKey;
  readonly #budget: MinuteBudget;
  readonly #rest: EndpointRest;

  constructor(deps: EmbedderDeps) {
    this.#deps = deps;
    this.#key = new EndpointKey(deps.config);
    this.#budget = new MinuteBudget(deps.config.charactersPerMinute);
    this.#rest = new EndpointRest(deps);
  }

  /** The vectors of those answers that the budget has room for; null when there are none. It counts the others, and never rejects. */
  async ask(batch: readonly AnswerToEmbed[], limits: RequestLimits): Promise<EmbeddedAnswers | null> {
    const { clock, meter } = this.#deps;
    if (!this.#rest.admit()) {
      countAnswers(meter, "resting", batch.length);
      return null;
    }
    const key = await this.#readKey();
    if (key === undefined) {
      countAnswers(meter, "no_key", batch.length);
      return null;
    }
    const answers = batch.filter(({ text }) => this.#budget.take(text.length, clock.monotonicMs()));
    countAnswers(meter, "over_budget", batch.length - answers.length);
    if (answers.length === 0) {
      this.#rest.abandoned();
      return null;
    }
    const embedded = await this.#request(answers, { key, signal: AbortSignal.any([limits.late, limits.stopping]) });
    return embedded.kind === "vectors" ? this.#taken(answers, embedded) : this.#failed(answers, embedded, limits);
  }

  /** Undefined when it cannot be read. */
  async #readKey(): Promise<string | null | undefined> {
    try {
      return await this.#key.read();
    } catch {
      this.#rest.failed({ says: "the file of its key cannot be read or is empty", afterMs: null });
      return undefined;
    }
  }

  async #request(
    answers: readonly AnswerToEmbed[],
    { key, signal }: { readonly key: string | null; readonly signal: AbortSignal },
  ): Promise<Embedded> {
    const { config, fetch, clock, meter } = this.#deps;
    const texts = answers.map(({ text }) => text);
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    meter.add("embedderCharacters", characters);
    const startedMs = clock.monotonicMs();
    const embedded = await requestEmbeddings({ fetch, config, key, texts, signal, nowMs: clock.nowMs() });
    meter.observe("embedderRequestSeconds", (clock.monotonicMs() - startedMs) / 1000);
    return embedded;
  }

  #taken(
    answers: readonly AnswerToEmbed[],
    { model, vectors }: Extract<Embedded, { kind: "vectors" }>,
  ): EmbeddedAnswers {
    this.#rest.succeeded();
    return { answers, model, vectors };
  }

  #failed(
    answers: readonly AnswerToEmbed[],
    { says, afterMs, problem }: Extract<Embedded, { kind: "failed" }>,
    { stopping, late }: RequestLimits,
  ): null {
    if (stopping.aborted) {
      this.#rest.abandoned();
    } else {
      this.#key.forget();
      this.#rest.failed(late.aborted ? { says: "it did not answer in time", afterMs: null } : { says, afterMs });
    }
    countAnswers(this.#deps.meter, stopping.aborted ? "stopping" : late.aborted ? "slow" : problem, answers.length);
    return null;
  }
}
