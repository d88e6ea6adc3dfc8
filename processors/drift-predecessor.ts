import type { SeenMinute } from "./drift-series.ts";
import { countOf } from "./drift-series.ts";
import type { Baseline, DriftState } from "./drift-state.ts";
import { pooled, probePrompt } from "./series-slots.ts";

/** A series of the same lineage, as far as it tells which follows which. */
export interface Ancestor {
  readonly model: string;
  readonly prompt: string;
  /** Start of the last minute in which it was seen, in milliseconds since the Unix epoch. */
  readonly lastMinuteMs: number;
}

/** A series of the same lineage, as it is known. */
export interface KnownSeries extends Ancestor {
  readonly state: DriftState;
}

/** What a new series might follow. */
export interface Lineage<A extends Ancestor> {
  readonly minute: Pick<SeenMinute, "minuteMs" | "model" | "prompt">;
  /** Every series of the lineage. */
  readonly known: readonly A[];
  /** Prompts with which the model was seen in this minute as well. */
  readonly promptsNow: ReadonlySet<string>;
}

type Ancestry = Lineage<Ancestor>["minute"];

/** How far back prompts without a name are looked for: where there were several, none is the version of another. */
const dayMs = 86_400_000;

/** What the version before had, when it has enough answers; null where there is none. */
export const predecessorOf = (args: Lineage<KnownSeries> & { readonly leastAnswers: number }): Baseline | null => {
  const found = ancestorOf(args);
  return found === null || countOf(found.series.state.own.values) < args.leastAnswers
    ? null
    : { ...found.series.state.own, from: found.from };
};

/**
 * The series that a new one follows, with what it is called: that of the model with the same prompt, else of the prompt with the same
 * model, else of both; null where there is none.
 */
export const ancestorOf = <A extends Ancestor>({
  minute,
  known,
  promptsNow,
}: Lineage<A>): { readonly series: A; readonly from: string } | null => {
  const before = known.filter(({ lastMinuteMs }) => lastMinuteMs < minute.minuteMs);
  const series =
    latest(before.filter(({ model, prompt }) => model !== minute.model && prompt === minute.prompt)) ??
    promptBefore(before, minute);
  return series === null ? null : { series, from: inWords(series, minute, promptsNow) };
};

/** The only other prompt of a day, or the last one of the same name. */
const promptBefore = <A extends Ancestor>(before: readonly A[], minute: Ancestry): A | null => {
  if (isTogether(minute.prompt)) {
    return null;
  }
  const name = nameOf(minute.prompt);
  const others = before.filter(
    ({ prompt }) => prompt !== minute.prompt && !isTogether(prompt) && nameOf(prompt) === name,
  );
  const recent = others.filter(({ lastMinuteMs }) => name !== null || lastMinuteMs > minute.minuteMs - dayMs);
  const ofModel = recent.filter(({ model }) => model === minute.model);
  const candidates = ofModel.length > 0 ? ofModel : recent;
  return name === null && candidates.length > 1 ? null : latest(candidates);
};

const isTogether = (prompt: string): boolean => prompt === pooled || prompt === probePrompt;

/** Null for a prompt that is only known by its hash. */
const nameOf = (prompt: string): string | null =>
  prompt.includes("@") ? prompt.slice(0, prompt.lastIndexOf("@")) : null;

const latest = <A extends Ancestor>(series: readonly A[]): A | null =>
  series.reduce<A | null>((last, one) => (one.lastMinuteMs > (last?.lastMinuteMs ?? 0) ? one : last), null);

const inWords = (found: Ancestor, minute: Ancestry, promptsNow: ReadonlySet<string>): string => {
  const [from, to] = [found.prompt || "none", minute.prompt || "none"];
  if (found.prompt === minute.prompt) {
    return `the version before, ${found.model}`;
  }
  if (found.model !== minute.model) {
    return `the version before, ${found.model}; the prompt changed as well, from ${from} to ${to}`;
  }
  return promptsNow.has(found.prompt)
    ? `the prompt ${from}, which is in use beside ${to}`
    : `before the prompt changed from ${from} to ${to}`;
};
