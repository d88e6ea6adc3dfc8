import type { MeasuredMinute, MeasuredSeries } from "../core/evidence.ts";
import { familyKey } from "./drift-series.ts";

/** Stands for what is compared together with others. */
export const pooled = "other";
/** The prompt of answers to probes. */
export const probePrompt = "probe";

/** Prompts of a model on a route that are compared by themselves at a time. */
const promptsOfModel = 8;
/**
 * Where places run short, half of them are for models with so many answers in a minute: smaller ones can wait long for a
 * baseline, and would keep the place from whoever comes later and is larger.
 */
const leastAnswers = 20;
/** A prompt that was not seen for so long gives its place to another. */
const idleMs = 86_400_000;

/** What was measured, by the series in which it is compared. */
export interface Placed<M> {
  readonly measured: readonly M[];
  /** Whether some of it is compared together with others for want of a place. */
  readonly isPooled: boolean;
}

/** Anything that was counted of a series in a minute. */
type Counted = MeasuredSeries & Pick<MeasuredMinute, "minuteMs" | "n">;

type Model = Omit<MeasuredSeries, "measure">;

/**
 * Keeps the number of series within bounds, whatever callers send: a model on a route has a series for each of a few prompts,
 * and there are so many models on routes. What comes later is compared together. Where places are kept follows from the series
 * that were seen, so that who goes on after a crash places a minute as it was placed.
 */
export class SeriesSlots {
  readonly #mostModels: number;
  /** When the prompts of each model were seen last, in milliseconds since the Unix epoch. */
  readonly #models = new Map<string, Map<string, number>>();

  constructor(mostModels: number) {
    this.#mostModels = mostModels;
  }

  clear(): void {
    this.#models.clear();
  }

  /** Keeps the place of a series that was seen in a minute. */
  keep(series: Model, minuteMs: number): void {
    const key = modelKey(series);
    const prompts = this.#models.get(key) ?? new Map<string, number>();
    this.#models.set(key, prompts);
    if (series.prompt !== pooled && series.prompt !== probePrompt) {
      prompts.set(series.prompt, Math.max(minuteMs, prompts.get(series.prompt) ?? 0));
    }
  }

  /** Places what was measured in one minute, that of which there is most first. */
  place<M extends Counted>(measured: readonly M[]): Placed<M> {
    const families = [...Map.groupBy(measured, familyKey).values()]
      .map((minutes) => ({ minutes, n: minutes.reduce((total, { n }) => total + n, 0) }))
      .sort((a, b) => b.n - a.n);
    const models = new Set(families.flatMap(({ minutes }) => minutes.slice(0, 1).map(modelKey)));
    const wanted = [...models].filter((key) => !this.#models.has(key)).length;
    const areShort = this.#models.size + wanted > this.#mostModels;
    const placed = families.map(({ minutes }) => this.#placeFamily(minutes, areShort));
    return { measured: placed.flatMap((one) => one.measured), isPooled: placed.some((one) => one.isPooled) };
  }

  #placeFamily<M extends Counted>(minutes: readonly M[], areShort: boolean): Placed<M> {
    const [first] = minutes;
    if (first === undefined) {
      return { measured: minutes, isPooled: false };
    }
    const isSmall = minutes.every(({ n }) => n < leastAnswers);
    const mostModels = areShort && isSmall ? this.#mostModels >> 1 : this.#mostModels;
    const place = this.#placeOf(first, { minuteMs: first.minuteMs, mostModels });
    this.keep(place, first.minuteMs);
    const isPooled = familyKey(place) !== familyKey(first);
    return { measured: isPooled ? minutes.map((minute) => ({ ...minute, ...place })) : minutes, isPooled };
  }

  #placeOf({ tenant, route, variant, model, prompt }: Model, { minuteMs, mostModels }: Room): Model {
    const prompts = this.#models.get(modelKey({ tenant, route, variant, model, prompt }));
    if (prompts !== undefined) {
      const isFree = prompt === probePrompt || hasPlace({ prompts, prompt, minuteMs });
      return { tenant, route, variant, model, prompt: isFree ? prompt : pooled };
    }
    if (this.#models.size < mostModels) {
      return { tenant, route, variant, model, prompt };
    }
    // Small tenants on one model are much alike; when even that is too much, all the rest is one series.
    return this.#models.size < 2 * this.#mostModels
      ? { tenant: pooled, route, variant, model, prompt: pooled }
      : { tenant: pooled, route: pooled, variant: pooled, model: pooled, prompt: pooled };
  }
}

/** When a place is asked for, and how many models may have one of their own. */
interface Room {
  readonly minuteMs: number;
  readonly mostModels: number;
}

const modelKey = (series: Model): string => familyKey({ ...series, prompt: "" });

const hasPlace = (args: {
  readonly prompts: ReadonlyMap<string, number>;
  readonly prompt: string;
  readonly minuteMs: number;
}): boolean => {
  const { prompts, prompt, minuteMs } = args;
  const isActive = (seenMs: number): boolean => seenMs > minuteMs - idleMs;
  if (isActive(prompts.get(prompt) ?? Number.NEGATIVE_INFINITY)) {
    return true;
  }
  return [...prompts.values()].filter(isActive).length < promptsOfModel;
};
