import type { Finding } from "../../core/evidence.ts";
import { stepTogether } from "../../processors/detect-drift.ts";
import type { DriftConfig } from "../../processors/drift-config.ts";
import type { Baseline, DriftState } from "../../processors/drift-state.ts";
import { seenOf } from "./minutes-of.ts";
import type { Output } from "./read-outputs.ts";

/** What is watched, and how. */
export interface Watched {
  readonly before: readonly Output[];
  readonly after: readonly Output[];
  /** Whether the outputs before are those of another version, with which the later ones are compared from the first minute. */
  readonly isNewVersion: boolean;
  readonly perMinute: number;
  readonly config: DriftConfig;
}

/** What the detector said of outputs. */
export interface WatchedResult {
  /** Outputs of the later ones until the first finding; null when there was none. */
  readonly answers: number | null;
  /** Measures found in that minute, the surest first. */
  readonly measures: readonly string[];
  /** Findings before the first of the later outputs. */
  readonly early: number;
}

/** Runs outputs through the detector as the watch does: minute by minute, every series, the bound for their number. */
export const watchOutputs = ({ before, after, isNewVersion, perMinute, config }: Watched): WatchedResult => {
  const predecessors = isNewVersion ? baselinesOf(before) : new Map<string, Baseline>();
  const families = isNewVersion ? 2 : 1;
  const states = new Map<string, DriftState>();
  const look = (outputs: readonly Output[], minute: number): readonly Finding[] =>
    stepTogether(
      seenOf(outputs, minute, "now").map((seen) => ({
        before: states.get(seen.measure) ?? null,
        minute: seen,
        context: { config, families, predecessor: predecessors.get(seen.measure) ?? null },
      })),
    ).flatMap(({ state, evidence, finding }) => {
      states.set(evidence.measure, state);
      return finding === null ? [] : [finding];
    });
  let [minute, early] = [0, 0];
  for (let at = 0; !isNewVersion && at < before.length; at += perMinute, minute += 1) {
    early += look(before.slice(at, at + perMinute), minute).length;
  }
  for (let at = 0; at < after.length; at += perMinute, minute += 1) {
    const found = look(after.slice(at, at + perMinute), minute).toSorted((a, b) => b.logEvidence - a.logEvidence);
    if (found.length > 0) {
      return { answers: Math.min(at + perMinute, after.length), measures: found.map(({ measure }) => measure), early };
    }
  }
  return { answers: null, measures: [], early };
};

const baselinesOf = (outputs: readonly Output[]): Map<string, Baseline> =>
  new Map(
    seenOf(outputs, 0, "before").map(({ measure, values, strata, sum }) => [
      measure,
      { from: "the version before, before", values, strata, sum },
    ]),
  );
