import type { Instrument } from "./instruments.ts";
import { secondBuckets } from "./second-buckets.ts";

/** What is counted of an endpoint that embeds answers. */
export const embedderInstruments = {
  embedderAnswers: {
    name: "plumbline_embedding_answers_total",
    type: "counter",
    help: "Whole answers that an embeddings endpoint could embed, by result: embedded, or why not. Not asked: policy, not_sampled, over_budget, resting, late, no_key, stopping (whoever goes on asks again). Asked in vain: slow, unreachable, cut, refused, limited, server_error, too_large, malformed, wrong_count, wrong_index, too_many_models. Bad vector: not_numbers, not_finite, wrong_length, no_direction. A defect of ours: failed.",
    labels: ["result"],
  },
  embedderCharacters: {
    name: "plumbline_embedding_characters_total",
    type: "counter",
    help: "Characters of answers that were sent to an embeddings endpoint.",
    labels: [],
  },
  embedderRequestSeconds: {
    name: "plumbline_embedding_request_seconds",
    type: "histogram",
    help: "Time that requests to an embeddings endpoint took, failed ones too.",
    labels: [],
    buckets: secondBuckets,
  },
} as const satisfies Readonly<Record<string, Instrument>>;
