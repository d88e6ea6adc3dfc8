import type { ServerResponse } from "node:http";
import { z } from "zod";
import { seededRandom } from "../../core/random.ts";
import type { UpstreamRequest, UpstreamScript } from "../gateway/support/mock-upstream.ts";
import { answerJson } from "../gateway/support/mock-upstream.ts";

const body = z.strictObject({
  model: z.string(),
  input: z.array(z.string().min(1)),
  encoding_format: z.literal("float"),
  dimensions: z.int().optional(),
});

/** What a request for embeddings asks. */
export const askedBy = ({ body: bytes }: UpstreamRequest): z.infer<typeof body> =>
  body.parse(JSON.parse(bytes.toString("utf8")));

/** Numbers of a vector of the server under test. */
export const serverDimensions = 300;

/** The vector of a text: the same for the same text, and not of length 1. */
export const serverVector = (text: string): readonly number[] => {
  const { normal } = seededRandom(Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7));
  return Array.from({ length: serverDimensions }, () => normal() * 3);
};

/** One entry of an answer. */
export interface Entry {
  readonly index: unknown;
  readonly embedding: unknown;
}

/** Answers as an embeddings endpoint does, with whatever a test makes of its entries. */
export const answerVectors =
  (model = "emb-1", change: (entries: readonly Entry[]) => readonly Entry[] = (entries) => entries): UpstreamScript =>
  (response: ServerResponse, request) => {
    const entries = askedBy(request).input.map((text, index) => ({ index, embedding: serverVector(text) }));
    void answerJson({ object: "list", model, data: change(entries) })(response, request);
  };
