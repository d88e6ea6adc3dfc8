/** The texts that a request for embeddings is about; null when it has tokens in their place. */
export const embeddingInputs = (input: unknown): readonly string[] | null => {
  const inputs: readonly unknown[] = Array.isArray(input) ? input : [input];
  return inputs.every((one) => typeof one === "string") ? inputs : null;
};
