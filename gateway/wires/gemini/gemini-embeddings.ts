import type { AnswerEvent, AnswerReader } from "../answer-event.ts";
import { embeddingInputs } from "../embeddings/embedding-inputs.ts";
import { compact, recordsOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** A request for OpenAI's embeddings in the members of Gemini's batchEmbedContents. */
export const writeGeminiEmbeddings = (members: Members, model: string): Members => ({
  requests: (embeddingInputs(members["input"]) ?? []).map((text) =>
    compact({
      model: `models/${model}`,
      content: { parts: [{ text }] },
      outputDimensionality: members["dimensions"],
    }),
  ),
});

/** Reads the vectors of Gemini's batchEmbedContents, which counts no tokens. */
export class GeminiEmbeddingsReader implements AnswerReader {
  readonly isDone = false;
  readonly #model: string;

  /** `model` is the one in the address, which no answer repeats. */
  constructor(model: string) {
    this.#model = model;
  }

  readEvent(): readonly AnswerEvent[] {
    return [];
  }

  readWhole(body: Members): readonly AnswerEvent[] {
    if (!Array.isArray(body["embeddings"])) {
      return [];
    }
    const vectors = recordsOf(body["embeddings"]).map(({ values }) => numbersOf(values));
    return [
      { kind: "start", id: null, model: this.#model },
      { kind: "vectors", vectors },
    ];
  }
}

const numbersOf = (values: unknown): readonly number[] =>
  Array.isArray(values) ? values.filter((value) => typeof value === "number") : [];
