import type { AnswerLabels } from "../answer-event.ts";
import type { WholeAnswer } from "../whole-answer.ts";

/** Vectors as OpenAI's embeddings, in base64 where the caller asks for that. */
export const writeEmbeddings = (answer: WholeAnswer, { model, members }: AnswerLabels): unknown => ({
  object: "list",
  data: answer.vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: members["encoding_format"] === "base64" ? base64Of(vector) : vector,
  })),
  model: answer.model ?? model,
  usage: { prompt_tokens: answer.usage.inputTokens ?? 0, total_tokens: answer.usage.inputTokens ?? 0 },
});

/** Floats of 32 bits, least significant byte first, as OpenAI packs them. */
const base64Of = (vector: readonly number[]): string => {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [index, value] of vector.entries()) {
    bytes.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
  }
  return bytes.toString("base64");
};
