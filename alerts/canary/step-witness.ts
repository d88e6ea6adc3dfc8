import { blockScore, blockWitness, meanAlong } from "../../stats/evidence/block-witness.ts";
import type { Witness } from "../../stats/evidence/witness.ts";
import { witnessOf } from "../../stats/evidence/witness.ts";
import type { EmbeddingSums } from "../../stats/reference/linear-mmd.ts";
import type { WitnessEvidence } from "./canary-state.ts";

/** What the embeddings of one arm add up to in a look, or in all looks. */
export interface EmbeddedArm extends EmbeddingSums {
  readonly sum: readonly number[];
}

/** Answers of each arm before there is a direction. */
const leastAnswers = 30;
/** Looks of the baseline before its spread along the direction is known. */
const leastLooks = 8;
/** Answers that are all the same still differ by what is rounded off their vectors, which have the length 1. */
const leastVariance = 1e-4;

const test = blockWitness();

/** An arm of which nothing was seen. */
export const emptyArm: EmbeddedArm = { count: 0, sum: [], squaredNorms: 0 };

/** The state of test G before the first look. */
export const startWitness = (): WitnessEvidence => ({
  candidate: { ...emptyArm, sum: [] },
  baseline: { ...emptyArm, sum: [] },
  spread: { looks: 0, squares: 0 },
  logs: [...test.start],
});

/**
 * Takes a look at the embeddings of both arms: they are compared within the look, along the direction in which earlier looks
 * differed. How far looks at the baseline lie from its mean so far says how far chance takes them.
 */
export const stepWitness = (
  state: WitnessEvidence,
  { candidate, baseline }: { readonly candidate: EmbeddedArm; readonly baseline: EmbeddedArm },
): WitnessEvidence => {
  const witness = directionOf(state);
  return {
    candidate: added(state.candidate, candidate),
    baseline: added(state.baseline, baseline),
    spread: witness === null || baseline.count === 0 ? state.spread : widened(state, witness, baseline),
    logs:
      witness === null || candidate.count === 0 || baseline.count === 0 || state.spread.looks < leastLooks
        ? state.logs
        : [...test.step(state.logs, blockScore({ witness, candidate, baseline, variance: varianceOf(state) }))],
  };
};

/** ln of the evidence that the arms word their answers differently. */
export const logWitness = ({ logs }: WitnessEvidence): number => test.logEvidence(logs);

const directionOf = ({ candidate, baseline }: WitnessEvidence): Witness | null =>
  Math.min(candidate.count, baseline.count) < leastAnswers ? null : witnessOf(candidate, baseline);

const varianceOf = ({ spread: { looks, squares } }: WitnessEvidence): number =>
  Math.max(leastVariance, (squares / looks) * (1 + Math.sqrt(2 / looks)));

const widened = (state: WitnessEvidence, witness: Witness, look: EmbeddedArm): WitnessEvidence["spread"] => {
  const apart = meanAlong(witness, look) - meanAlong(witness, state.baseline);
  const square = apart ** 2 / (1 / look.count + 1 / state.baseline.count);
  return { looks: state.spread.looks + 1, squares: state.spread.squares + square };
};

const added = (before: EmbeddedArm, more: EmbeddedArm): WitnessEvidence["candidate"] => {
  const [longer, shorter] = before.sum.length >= more.sum.length ? [before, more] : [more, before];
  return {
    count: before.count + more.count,
    sum: longer.sum.map((value, place) => value + (shorter.sum[place] ?? 0)),
    squaredNorms: before.squaredNorms + more.squaredNorms,
  };
};
