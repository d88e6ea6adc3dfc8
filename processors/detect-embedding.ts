import type { EmbeddedMinute } from "../core/embedding-sum.ts";
import type { Evidence, EvidenceStatus, Finding } from "../core/evidence.ts";
import { embeddingDistance } from "../stats/effect/embedding-distance.ts";
import { logBoundOf } from "./drift-budget.ts";
import type { DriftConfig } from "./drift-config.ts";
import { seriesKey } from "./drift-series.ts";
import type { Block } from "./embedding-block.ts";
import { answersOf, blockOf, joinedAll, withBlock } from "./embedding-block.ts";
import {
  continueEmbeddingPass,
  embeddingEvidence,
  isEmbeddingPassOver,
  leastBlocks,
  openEmbeddingPass,
} from "./embedding-pass.ts";
import type { EmbeddingBaseline, EmbeddingPass, EmbeddingState } from "./embedding-state.ts";
import { embeddingChange } from "./say-change.ts";

/** Name and version of the detector of answers that are worded otherwise. */
export const embeddingDetector = "embedding@1";

/** What a series is judged with besides its own minute. */
export interface EmbeddingContext {
  readonly config: DriftConfig;
  /** What the version before had, of the model or the prompt; null when there is none, or too little of it. */
  readonly predecessor: EmbeddingBaseline | null;
  /** Series that are tested at present. */
  readonly families: number;
}

/** What became of a series in a minute. */
export interface EmbeddingStep {
  readonly state: EmbeddingState;
  readonly evidence: Evidence;
  /** Null unless this minute made an alarm of it. */
  readonly finding: Finding | null;
}

/** A baseline is kept in so many blocks at most; beyond them neighbours become one. */
const mostBlocks = 24;
/** Distance that counts as large, in units of how far an answer lies from the mean of all: what a prompt edit such as "be concise" makes. */
const largeDistance = 0.05;

/** Takes one minute of a series by test G. Pure: the same state and minute conclude the same. */
export const stepEmbedding = (
  before: EmbeddingState | null,
  minute: EmbeddedMinute,
  context: EmbeddingContext,
): EmbeddingStep => {
  const block = blockOf(minute);
  const started = before ?? emptyState(minute);
  const pass =
    started.pass === null ? openedPass(started, minute, context) : continueEmbeddingPass(started.pass, block);
  const logBound = boundOf(pass, minute, context);
  const found = pass === null ? nothingCompared : comparisonOf(pass, minute);
  const isAlarm = pass !== null && found.logEvidence >= logBound && found.isLarge;
  const isOver = pass !== null && isEmbeddingPassOver(pass, minute.minuteMs);
  const state: EmbeddingState = {
    own: grown(started, block, context.config.baselineAnswers),
    pass: isOver ? null : pass,
    passes: started.passes + (started.pass === null && pass !== null ? 1 : 0),
    isAlarmed: isAlarm || (started.isAlarmed && !isOver),
  };
  const { tenant, route, variant, model, measure, prompt, minuteMs } = minute;
  const { isLarge: _, ...compared } = found;
  const shown = { tenant, route, variant, model, measure, prompt, minuteMs, ...compared };
  const status: EvidenceStatus = state.isAlarmed ? "alarm" : "watching";
  return {
    state,
    // The state itself is kept apart: it is large, and its history of no use.
    evidence: { ...shown, status: pass === null ? "learning" : status, logBound, state: "{}" },
    finding: isAlarm && !started.isAlarmed ? { ...shown, kind: "drift" } : null,
  };
};

const nothingCompared = {
  reference: "",
  logEvidence: 0,
  current: { n: 0, mean: null },
  baseline: { n: 0, mean: null },
  says: "",
  isLarge: false,
} as const;

const comparisonOf = (pass: EmbeddingPass, { measure }: EmbeddedMinute) => {
  const against = joinedAll(pass.against.blocks);
  const distance = against === null ? 0 : distanceOf(pass.seen, against);
  const [current, baseline] = [pass.seen.count, against?.count ?? 0];
  return {
    reference: pass.against.from,
    logEvidence: embeddingEvidence(pass),
    current: { n: current, mean: null },
    baseline: { n: baseline, mean: null },
    says: embeddingChange({ measure, distance, current, baseline, from: pass.against.from }),
    isLarge: distance >= largeDistance,
  };
};

const distanceOf = (seen: Block, against: Block): number =>
  Math.min(seen.count, against.count) < 2 ? 0 : embeddingDistance(seen, against);

const emptyState = (minute: EmbeddedMinute): EmbeddingState => ({
  own: { from: `its first answers, of ${minute.model}`, blocks: [] },
  pass: null,
  passes: 0,
  isAlarmed: false,
});

/** A minute is taken whole. What follows an alarm is no baseline. */
const grown = ({ own, isAlarmed }: EmbeddingState, block: Block, enough: number): EmbeddingBaseline =>
  isAlarmed || answersOf(own.blocks) >= enough
    ? own
    : { ...own, blocks: [...withBlock(own.blocks, block, mostBlocks)] };

/** A version that is new is held against the one before; later, and where there is none, against what it began with itself. */
const openedPass = (state: EmbeddingState, minute: EmbeddedMinute, context: EmbeddingContext): EmbeddingPass | null => {
  const { config, predecessor } = context;
  const isOfVersion = state.passes === 0 && predecessor !== null && isEnough(predecessor, config);
  const against = isOfVersion ? predecessor : state.own;
  return isEnough(against, config)
    ? openEmbeddingPass({
        ...{ against, isOfVersion, first: blockOf(minute), startedMs: minute.minuteMs },
        seed: `${seriesKey(minute)} compares ${minute.minuteMs}`,
      })
    : null;
};

const isEnough = ({ blocks }: EmbeddingBaseline, { leastAnswers }: DriftConfig): boolean =>
  blocks.length >= leastBlocks && answersOf(blocks) >= leastAnswers;

const boundOf = (
  pass: EmbeddingPass | null,
  { measure }: EmbeddedMinute,
  { config, families }: EmbeddingContext,
): number =>
  logBoundOf({
    ...{ measure, families, falseAlarmsPerWeek: config.falseAlarmsPerWeek },
    isOfVersion: pass?.isOfVersion ?? false,
    isWithin: false,
  });
