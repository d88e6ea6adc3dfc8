import type { EmbeddingSum } from "../core/embedding-sum.ts";
import type { AnswerToEmbed } from "./answers-to-embed.ts";
import type { SummedMeasure, SummedRange } from "./embedding-sums.ts";
import { EmbeddingSums } from "./embedding-sums.ts";

/** Adds up the embeddings of an endpoint for one range, those of each model that answered by themselves. */
export class EndpointSums {
  readonly #range: SummedRange;
  readonly #byMeasure = new Map<string, EmbeddingSums>();

  constructor(range: SummedRange) {
    this.#range = range;
  }

  add(of: SummedMeasure, { call, place }: AnswerToEmbed, vector: Float32Array): void {
    const sums = this.#byMeasure.get(of.measure) ?? new EmbeddingSums(this.#range, of);
    this.#byMeasure.set(of.measure, sums);
    sums.add(call, vector, place);
  }

  /** The sums of all models. */
  all(): readonly EmbeddingSum[] {
    return [...this.#byMeasure.values()].flatMap((sums) => sums.all());
  }
}
