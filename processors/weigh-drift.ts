import { logBoundOf } from "./drift-budget.ts";
import { evidenceOf } from "./drift-comparison.ts";
import type { DriftConfig } from "./drift-config.ts";
import { areInputsOther, continuePass, countingOf, openPass } from "./drift-pass.ts";
import type { SeenMinute } from "./drift-series.ts";
import { countOf, merged } from "./drift-series.ts";
import type { Baseline, DriftState, Pass } from "./drift-state.ts";
import { mixChange } from "./say-inputs.ts";

/** What a series is judged with besides its own minute. */
export interface DriftContext {
  readonly config: DriftConfig;
  /** What the version before had, of the model or the prompt; null when there is none, or too little of it. */
  readonly predecessor: Baseline | null;
  /** Models on routes that are tested at present, each with all its measures. */
  readonly families: number;
}

/** A minute of a series and what it is judged with; the state is null in its first. */
export interface DriftInput {
  readonly before: DriftState | null;
  readonly minute: SeenMinute;
  readonly context: DriftContext;
}

/** Takes the minute of each measure of one model on a route into its pass; `inputsMoved` says how the inputs changed, or is null. */
export const weighTogether = (
  inputs: readonly DriftInput[],
): { readonly weighed: readonly Weighed[]; readonly inputsMoved: string | null } => {
  const opened = inputs.map(open);
  const inputsMoved = movedInputs(opened);
  return { weighed: opened.map((one) => weigh(one, inputsMoved !== null)), inputsMoved };
};

/** A series before its minute is taken in. */
export interface Opened extends DriftInput {
  readonly started: DriftState;
  /** Null while there is nothing to compare with. */
  readonly opened: Pass | null;
}

/** A series with its minute taken in, before anybody asks whether that makes an alarm. */
export interface Weighed extends Opened {
  readonly pass: Pass | null;
  /** Evidence over its bound; 0 without a pass. */
  readonly part: number;
}

const open = ({ before, minute, context }: DriftInput): Opened => {
  const started = before ?? emptyState(minute);
  return { before, minute, context, started, opened: started.pass ?? openedPass(started, minute, context) };
};

/** How the inputs changed, in words, judged by the measure that most calls have; null where they are as before. */
const movedInputs = (series: readonly Opened[]): string | null => {
  const asked = series.flatMap(({ opened, minute }) => (opened === null ? [] : [{ opened, minute }]));
  const most = asked.toSorted((a, b) => countOf(b.minute.strata) - countOf(a.minute.strata))[0];
  return most === undefined || !areInputsOther(most.opened, most.minute)
    ? null
    : mixChange(most.opened.against.strata, merged(most.opened.seenStrata, most.minute.strata));
};

const weigh = (one: Opened, areInputsMoved: boolean): Weighed => {
  const { opened, minute } = one;
  const pass = opened === null ? null : continuePass(opened, minute, areInputsMoved);
  const part = pass === null ? 0 : Math.exp(evidenceOf(countingOf(pass)) - boundOf(one, pass));
  return { ...one, pass, part };
};

/** What the evidence of series adds up to, each over its bound. */
export const partsOf = (series: readonly Weighed[]): number => series.reduce((sum, { part }) => sum + part, 0);

/** Whether what came is compared with answers to the same inputs. */
export const isWithin = ({ pass }: Weighed): boolean => pass !== null && pass.within !== null;

/** The evidence that makes an alarm of a series by itself, as natural logarithm. */
export const boundOf = ({ minute, context }: Opened, pass: Pass | null): number =>
  logBoundOf({
    ...{ measure: minute.measure, families: context.families },
    falseAlarmsPerWeek: context.config.falseAlarmsPerWeek,
    isOfVersion: pass?.isOfVersion ?? false,
    isWithin: pass !== null && pass.within !== null,
  });

const emptyState = (minute: SeenMinute): DriftState => ({
  isCategory: minute.isCategory,
  own: { from: `its first answers, of ${minute.model}`, values: {}, strata: {}, sum: 0 },
  pass: null,
  passes: 0,
  isAlarmed: false,
});

/** A version that is new is held against the one before; later, and where there is none, against what it began with itself. */
const openedPass = (state: DriftState, minute: SeenMinute, { config, predecessor }: DriftContext): Pass | null => {
  const isOfVersion = state.passes === 0 && predecessor !== null;
  if (isOfVersion) {
    return openPass(predecessor, minute, true);
  }
  return countOf(state.own.values) < config.leastAnswers ? null : openPass(state.own, minute, false);
};
