import type { SeenMinute } from "./drift-series.ts";
import { countOf } from "./drift-series.ts";
import type { Baseline, DriftState } from "./drift-state.ts";
import { pooled, probePrompt } from "./series-slots.ts";

/** A series of the same lineage, as it is known. */
export interface KnownSeries {
  readonly state: DriftState;
  readonly model: string;
  readonly prompt: string;
  /** Start of the last minute in which it was seen, in milliseconds since the Unix epoch. */
  readonly lastMinuteMs: number;
}

/** What a new series might follow. */
export interface Lineage {
  readonly minute: SeenMinute;
  /** Every series of the lineage. */
  readonly known: readonly KnownSeries[];
  /** Prompts with which the model was seen in this minute as well. */
  readonly promptsNow: ReadonlySet<string>;
  readonly leastAnswers: number;
}

/** How far back prompts without a name are looked for: where there were several, none is the version of another. */
const dayMs = 86_400_000;

/**
 * What the version before had, when it has enough answers: of the model with the same prompt, else of the prompt with the same
 * model, else of both; null where there is none.
 */
export const predecessorOf = ({ minute, known, promptsNow, leastAnswers }: Lineage): Baseline | null => {
  const before = known.filter(({ lastMinuteMs }) => lastMinuteMs < minute.minuteMs);
  const found =
    latest(before.filter(({ model, prompt }) => model !== minute.model && prompt === minute.prompt)) ??
    promptBefore(before, minute);
  if (found === null || countOf(found.state.own.values) < leastAnswers) {
    return null;
  }
  return { ...found.state.own, from: inWords(found, minute, promptsNow) };
};

/** The only other prompt of a day, or the last one of the same name. */
const promptBefore = (before: readonly KnownSeries[], minute: SeenMinute): KnownSeries | null => {
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

const latest = (series: readonly KnownSeries[]): KnownSeries | null =>
  series.reduce<KnownSeries | null>((last, one) => (one.lastMinuteMs > (last?.lastMinuteMs ?? 0) ? one : last), null);

const inWords = (found: KnownSeries, minute: SeenMinute, promptsNow: ReadonlySet<string>): string => {
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
