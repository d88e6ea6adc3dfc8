import type { EmbeddingSum } from "../core/embedding-sum.ts";
import { messageOf } from "../core/errors.ts";
import type { AnswersToEmbed, AnswerToEmbed } from "./answers-to-embed.ts";
import { mostEmbeddingModels } from "./drift-budget.ts";
import type { EmbeddedAnswers, EmbedderDeps, RequestLimits } from "./embedder-client.ts";
import { EmbedderClient } from "./embedder-client.ts";
import { endpointMeasure } from "./embedder-measure.ts";
import type { Project } from "./embedder-projection.ts";
import { createProjection } from "./embedder-projection.ts";
import { countAnswers } from "./embedder-result.ts";
import { EndpointSums } from "./embedder-sums.ts";
import type { SummedRange } from "./embedding-sums.ts";

/** The answers of one range on their way. */
interface Run extends RequestLimits {
  readonly sums: EndpointSums;
  /** Monotonic; a request that could not have half of the time does not begin, so that one which is cut off was slow. */
  readonly lastBeginMs: number;
}

/** Has answers embedded by an endpoint, for all partitions of a process. What cannot be had in time is done without. */
export class Embedder {
  readonly #deps: EmbedderDeps;
  readonly #client: EmbedderClient;
  readonly #project: Project;
  readonly #measures = new Set<string>();

  constructor(deps: EmbedderDeps) {
    this.#deps = deps;
    this.#client = new EmbedderClient(deps);
    this.#project = createProjection(deps.config.dimensions);
  }

  /**
   * The sums of the embeddings that came within `timeoutMs`; every answer without one is counted by its reason. It never rejects, and
   * ends at once when `stopping` aborts.
   */
  async embed(range: SummedRange, answers: AnswersToEmbed, stopping: AbortSignal): Promise<readonly EmbeddingSum[]> {
    const { config, clock, meter, log } = this.#deps;
    countAnswers(meter, "policy", answers.leftOut.policy);
    countAnswers(meter, "not_sampled", answers.leftOut.not_sampled);
    if (answers.picked.length === 0) {
      return [];
    }
    const [over, late] = [new AbortController(), new AbortController()];
    void clock.sleep(config.timeoutMs, over.signal).then(() => late.abort());
    const lastBeginMs = clock.monotonicMs() + config.timeoutMs / 2;
    const run: Run = { sums: new EndpointSums(range), stopping, late: late.signal, lastBeginMs };
    try {
      await this.#embedAll(answers.picked, run);
      return run.sums.all();
    } catch (error) {
      countAnswers(meter, "failed", answers.picked.length);
      log.error({ err: messageOf(error) }, "answers could not be embedded by the endpoint; they are stored without");
      return [];
    } finally {
      over.abort();
      late.abort();
    }
  }

  async #embedAll(answers: readonly AnswerToEmbed[], run: Run): Promise<void> {
    const { batchAnswers, parallel } = this.#deps.config;
    const batches = Array.from({ length: Math.ceil(answers.length / batchAnswers) }, (_, index) =>
      answers.slice(index * batchAnswers, (index + 1) * batchAnswers),
    ).values();
    const work = async (): Promise<void> => {
      for (const batch of batches) {
        await this.#embedBatch(batch, run);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }

  async #embedBatch(batch: readonly AnswerToEmbed[], run: Run): Promise<void> {
    const { clock, meter } = this.#deps;
    if (run.stopping.aborted || clock.monotonicMs() > run.lastBeginMs) {
      countAnswers(meter, run.stopping.aborted ? "stopping" : "late", batch.length);
      return;
    }
    const embedded = await this.#client.ask(batch, run);
    if (embedded !== null) {
      this.#addUp(embedded, run.sums);
    }
  }

  #addUp({ answers, model, vectors }: EmbeddedAnswers, sums: EndpointSums): void {
    const { config, meter } = this.#deps;
    const of = endpointMeasure(config, model);
    if (!this.#isKnown(of.measure)) {
      countAnswers(meter, "too_many_models", answers.length);
      return;
    }
    for (const [at, answer] of answers.entries()) {
      const read = vectors[at] ?? { kind: "not_numbers" };
      const vector = read.kind === "vector" ? this.#project(read.vector) : null;
      if (vector !== null) {
        sums.add(of, answer, vector);
      }
      const unusable = read.kind === "vector" ? "no_direction" : read.kind;
      countAnswers(meter, vector === null ? unusable : "embedded", 1);
    }
  }

  /** Whether a model that answered has series, or gets them now. */
  #isKnown(measure: string): boolean {
    if (!this.#measures.has(measure)) {
      if (this.#measures.size === mostEmbeddingModels) {
        return false;
      }
      this.#measures.add(measure);
      this.#deps.log.info({ measure }, "answers are embedded by an endpoint as well");
    }
    return true;
  }
}
