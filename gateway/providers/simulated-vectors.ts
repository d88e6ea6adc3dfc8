import { estimateTokens, noUsage } from "../../core/usage.ts";
import { embeddingInputs } from "../wires/embeddings/embedding-inputs.ts";
import { writeEmbeddings } from "../wires/embeddings/write-embeddings.ts";
import type { ProviderRequest } from "./provider.ts";
import { randomOf } from "./random-of.ts";

/** Length of a vector where the request names none. */
const defaultDimensions = 64;

/** More than any model makes; a caller that asks for more must not fill our memory. */
const maxDimensions = 4_096;

/** Embeddings as OpenAI's API sends them: a vector of length 1 for each input, the same for the same input. */
export const simulatedVectors = (request: ProviderRequest): Buffer => {
  const { members } = request.chat;
  const { input, dimensions } = members;
  const size =
    typeof dimensions === "number" ? Math.min(Math.max(1, Math.floor(dimensions)), maxDimensions) : defaultDimensions;
  const texts = embeddingInputs(input) ?? [JSON.stringify(input)];
  const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  const answer = {
    id: null,
    model: request.model,
    text: "",
    reasoning: "",
    toolCalls: [],
    finish: null,
    usage: { ...noUsage, inputTokens },
    vectors: texts.map((text) => unitVector(text, size)),
  };
  const labels = { callId: request.callId, model: request.model, createdS: 0, wantsUsage: false, members };
  return Buffer.from(JSON.stringify(writeEmbeddings(answer, labels)));
};

const unitVector = (text: string, size: number): readonly number[] => {
  const { uniform } = randomOf(text);
  const values = Array.from({ length: size }, () => uniform() - 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
};
