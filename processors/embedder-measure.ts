import type { EmbedderConfig } from "./embedder-config.ts";
import type { SummedMeasure } from "./embedding-sums.ts";
import { textHash } from "./measure-hash.ts";

/** Version of how answers are cut, sent and projected: raised when that changes, so that series begin anew. */
const version = 1;
/** Characters of a model's name. */
const nameLength = 64;
/** Sums of one embedding have so many places of a range, and the sums of the embedding of our own those before all others. */
const placesOfMeasure = 2 ** 16;
const firstPlace = 2 ** 31;

/** What else vectors depend on besides the model that answered. */
type Settings = Pick<EmbedderConfig, "baseUrl" | "model" | "dimensions" | "answerCharacters">;

/**
 * The measure of an endpoint's embeddings: the model that answered, and a hash of the settings that vectors depend on. A model or
 * setting that changes is another series, and its sums stand at other places of the range.
 */
export const endpointMeasure = (settings: Settings, answeredModel: string | null): SummedMeasure => {
  const { baseUrl, model, dimensions, answerCharacters } = settings;
  const name = (answeredModel ?? model).slice(0, nameLength).replaceAll(/[^\w.:/+-]/g, "_");
  const mark = textHash(JSON.stringify([baseUrl, model, dimensions, answerCharacters])).slice(0, 8);
  const measure = `answer_embedding:${name}~${mark}@${version}`;
  const slot = Number.parseInt(textHash(measure).slice(0, 4), 16) >> 2;
  return { measure, firstIndex: firstPlace + slot * placesOfMeasure };
};
