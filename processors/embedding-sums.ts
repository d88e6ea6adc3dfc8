import type { Call } from "../core/call.ts";
import type { EmbeddingSum } from "../core/embedding-sum.ts";
import { embeddingParts } from "../core/embedding-sum.ts";
import { embeddingMeasure } from "../core/measures.ts";
import { shadowLabel } from "../core/shadow.ts";

/** Where the range stands whose answers are added up. */
export interface SummedRange {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
}

/** Which embedding is added up, and where its sums stand among those of the range. */
export interface SummedMeasure {
  readonly measure: string;
  /** Place of the first of them, a whole number below 2 to the power of 32. */
  readonly firstIndex: number;
}

interface Growing extends Omit<EmbeddingSum, "n" | "sums" | "squares"> {
  n: number;
  readonly sums: Int32Array;
  squares: number;
}

const nsPerMinute = 60_000_000_000n;
/** Bytes of a prompt's name and version, as for other measures. */
const promptBytes = 64;

const hashed: SummedMeasure = { measure: embeddingMeasure, firstIndex: 0 };

/** Adds up the embeddings of a range of records, by series and minute; the same range always gives the same sums. */
export class EmbeddingSums {
  readonly #range: SummedRange;
  readonly #of: SummedMeasure;
  readonly #bySeries = new Map<string, Growing>();

  constructor(range: SummedRange, of: SummedMeasure = hashed) {
    this.#range = range;
    this.#of = of;
  }

  /** `place` is where the series stands among those of the range; absent means in the order of first calls. */
  add(call: Call, vector: Float32Array, place?: number): void {
    const sum = this.#sumOf(call, vector.length, place);
    const { sums } = sum;
    let squares = 0;
    for (let at = 0; at < sums.length; at += 1) {
      const parts = Math.round((vector[at] ?? 0) * embeddingParts);
      sums[at] = (sums[at] ?? 0) + parts;
      squares += parts * parts;
    }
    sum.n += 1;
    sum.squares += squares;
  }

  /** The sums, in the order of their first calls. */
  all(): readonly EmbeddingSum[] {
    return [...this.#bySeries.values()].map((sum) => ({ ...sum, sums: [...sum.sums] }));
  }

  #sumOf(call: Call, length: number, place = this.#bySeries.size): Growing {
    const series = seriesOf(call);
    const key = keyOf(series);
    const known = this.#bySeries.get(key);
    if (known !== undefined) {
      return known;
    }
    const { measure, firstIndex } = this.#of;
    const { topic, partition, start } = this.#range;
    const source = { topic, partition, offset: start, index: firstIndex + place };
    const sum: Growing = { ...series, measure, n: 0, sums: new Int32Array(length), squares: 0, source };
    this.#bySeries.set(key, sum);
    return sum;
  }
}

/** Names the series and minute of a call's sum, whatever the measure. */
export const sumKeyOf = (call: Call): string => keyOf(seriesOf(call));

type Series = Omit<EmbeddingSum, "measure" | "n" | "sums" | "squares" | "source">;

const keyOf = (series: Series): string => JSON.stringify(Object.values(series));

const seriesOf = (call: Call): Series => ({
  tenant: call.tenant,
  minuteSeconds: Number(call.startedAtNs / nsPerMinute) * 60,
  route: call.route,
  variant: call.variant,
  model: call.modelServed ?? call.modelRequested ?? "unknown",
  prompt: promptOf(call),
  isShadow: call.routeReason === shadowLabel,
});

/** What the version of the prompt is called in the store's rollup of measures. */
const promptOf = ({ feature, promptName, promptVersion, systemPromptHash }: Call): string => {
  if (feature === "probe") {
    return "probe";
  }
  return promptVersion === null
    ? (systemPromptHash ?? "").slice(0, 2)
    : Buffer.from(`${promptName ?? ""}@${promptVersion}`)
        .subarray(0, promptBytes)
        .toString();
};
