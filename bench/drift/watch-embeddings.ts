import type { EmbeddedMinute } from "../../core/embedding-sum.ts";
import type { EmbeddingContext } from "../../processors/detect-embedding.ts";
import { stepEmbedding } from "../../processors/detect-embedding.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import type { EmbeddingState } from "../../processors/embedding-state.ts";
import { embeddedMinute } from "../../test/processors/worded-answers.ts";

/** Whose wording is watched, and how. */
interface Watched {
  readonly before: readonly Float32Array[];
  readonly after: readonly Float32Array[];
  /** Whether the answers before are those of another version. */
  readonly isNewVersion: boolean;
  readonly perMinute: number;
}

/** What the detector of wording said. */
interface WatchedEmbeddings {
  /** Answers of the later ones until the first finding; null when there was none. */
  readonly answers: number | null;
  /** Findings before the first of the later answers. */
  readonly early: number;
}

const config = driftConfig.parse({});

/** Runs embeddings through the detector as the watch does, minute by minute, as `watchOutputs` does with measures. */
export const watchEmbeddings = ({ before, after, isNewVersion, perMinute }: Watched): WatchedEmbeddings => {
  const alone: EmbeddingContext = { config, predecessor: null, families: isNewVersion ? 2 : 1 };
  const known = minutesOf(before, perMinute, 0);
  let [state, early]: [EmbeddingState | null, number] = [null, 0];
  for (const minute of known) {
    const step = stepEmbedding(state, minute, alone);
    state = step.state;
    early += step.finding === null ? 0 : 1;
  }
  const own = state?.own ?? null;
  const context = isNewVersion && own !== null ? { ...alone, predecessor: own } : alone;
  let current = isNewVersion ? null : state;
  for (const [index, minute] of minutesOf(after, perMinute, known.length).entries()) {
    const step = stepEmbedding(current, minute, context);
    if (step.finding !== null) {
      return { answers: Math.min((index + 1) * perMinute, after.length), early };
    }
    current = step.state;
  }
  return { answers: null, early };
};

const minutesOf = (vectors: readonly Float32Array[], perMinute: number, first: number): readonly EmbeddedMinute[] =>
  Array.from({ length: Math.ceil(vectors.length / perMinute) }, (_, index) =>
    embeddedMinute(vectors.slice(index * perMinute, (index + 1) * perMinute), (first + index) * 60_000),
  );
