import { z } from "zod";
import { readJson } from "./read-json.ts";

/** Why a vector cannot be used. */
type VectorProblem = "not_numbers" | "not_finite" | "wrong_length";

/** A vector as it came, or why it cannot be used. */
export type ReadVector =
  | { readonly kind: "vector"; readonly vector: readonly number[] }
  | { readonly kind: VectorProblem };

/** The vectors of an answer in the order of what was asked, or why none of them can be told from the others. */
export type ReadAnswer =
  | { readonly kind: "vectors"; readonly model: string | null; readonly vectors: readonly ReadVector[] }
  | { readonly kind: "malformed" | "wrong_count" | "wrong_index" };

/** Vectors are looked at one by one: a bad one spoils no other. */
const body = z.object({
  model: z.string().nullish(),
  data: z.array(z.object({ index: z.int().min(0), embedding: z.unknown() })),
});

/** Reads an answer to so many texts, whose vectors must have `dimensions` numbers each; they are told apart by `index` alone. */
export const readAnswer = (
  bytes: Uint8Array,
  { count, dimensions }: { readonly count: number; readonly dimensions: number },
): ReadAnswer => {
  const read = readJson(body, bytes);
  if (read.kind !== "read") {
    return { kind: "malformed" };
  }
  const { model, data } = read.value;
  if (data.length !== count) {
    return { kind: "wrong_count" };
  }
  const byIndex = new Map(data.map(({ index, embedding }) => [index, embedding]));
  if (byIndex.size !== count || data.some(({ index }) => index >= count)) {
    return { kind: "wrong_index" };
  }
  const vectors = Array.from({ length: count }, (_, index) => readVector(byIndex.get(index), dimensions));
  return { kind: "vectors", model: model ?? null, vectors };
};

const readVector = (value: unknown, dimensions: number): ReadVector => {
  if (!Array.isArray(value) || !value.every((each) => typeof each === "number")) {
    return { kind: "not_numbers" };
  }
  if (value.length !== dimensions) {
    return { kind: "wrong_length" };
  }
  return value.every(Number.isFinite) ? { kind: "vector", vector: value } : { kind: "not_finite" };
};
