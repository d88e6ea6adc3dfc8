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

interface Growing extends Omit<EmbeddingSum, "n" | "sums" | "squares"> {
  n: number;
  readonly sums: Int32Array;
  squares: number;
}

const nsPerMinute = 60_000_000_000n;
/** Bytes of a prompt's name and version, as for other measures. */
const promptBytes = 64;

/** Adds up the embeddings of a range of records, by series and minute; the same range always gives the same sums. */
export class EmbeddingSums {
  readonly #range: SummedRange;
  readonly #bySeries = new Map<string, Growing>();

  constructor(range: SummedRange) {
    this.#range = range;
  }

  add(call: Call, vector: Float32Array): void {
    const sum = this.#sumOf(call, vector.length);
    const { sums } = sum;
    let squares = 0;
    for (let place = 0; place < sums.length; place += 1) {
      const parts = Math.round((vector[place] ?? 0) * embeddingParts);
      sums[place] = (sums[place] ?? 0) + parts;
      squares += parts * parts;
    }
    sum.n += 1;
    sum.squares += squares;
  }

  /** The sums, in the order of their first calls. */
  all(): readonly EmbeddingSum[] {
    return [...this.#bySeries.values()].map((sum) => ({ ...sum, sums: [...sum.sums] }));
  }

  #sumOf(call: Call, length: number): Growing {
    const series = seriesOf(call);
    const key = JSON.stringify(Object.values(series));
    const known = this.#bySeries.get(key);
    if (known !== undefined) {
      return known;
    }
    const { topic, partition, start } = this.#range;
    const source = { topic, partition, offset: start, index: this.#bySeries.size };
    const sum: Growing = { ...series, n: 0, sums: new Int32Array(length), squares: 0, source };
    this.#bySeries.set(key, sum);
    return sum;
  }
}

const seriesOf = (call: Call): Omit<EmbeddingSum, "n" | "sums" | "squares" | "source"> => ({
  tenant: call.tenant,
  minuteSeconds: Number(call.startedAtNs / nsPerMinute) * 60,
  route: call.route,
  variant: call.variant,
  model: call.modelServed ?? call.modelRequested ?? "unknown",
  measure: embeddingMeasure,
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
