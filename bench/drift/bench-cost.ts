import { stepTogether } from "../../processors/detect-drift.ts";
import { driftConfig } from "../../processors/drift-config.ts";
import type { DriftState } from "../../processors/drift-state.ts";
import { driftEvidence } from "../../stats/evidence/drift-evidence.ts";
import { fitSeason } from "../../stats/reference/fit-season.ts";
import { scoreHour } from "../../stats/reference/score-hour.ts";
import type { Figure } from "../figure.ts";
import { medianFigure } from "../figure.ts";
import { hoursOf } from "./hours.ts";
import { seenOf } from "./minutes-of.ts";
import { noiseFrom } from "./noise.ts";
import type { Output } from "./read-outputs.ts";

const rounds = 5;
const warmUps = 2;
const config = driftConfig.parse({});
const measures = 40;
const perMinute = 100;
const learned = 5_000;
const minutesPerRound = 60;

/** What one bucket of one series costs: in the detector, and in the test by hour of the week. Time is that of the thread. */
export const benchCost = (): readonly Figure[] => {
  const detector = stepTimes();
  return [
    medianFigure("drift.cost.detector", "ms", detector),
    medianFigure(
      "drift.cost.detector_series_per_minute",
      "series/minute",
      detector.map((ms) => 60_000 / ms),
    ),
    medianFigure("drift.cost.season_hour", "ms", hourTimes()),
    medianFigure("drift.cost.season_fit", "ms", fitTimes()),
  ];
};

/** 40 measures of lognormal numbers, in a pass over 5,000 answers, by minutes of 100. */
const stepTimes = (): readonly number[] => {
  const { normal } = noiseFrom("cost");
  const answers = (count: number): readonly Output[] =>
    Array.from({ length: count }, () =>
      Object.fromEntries(Array.from({ length: measures }, (_, name) => [`m${name}@1`, Math.exp(5 + 0.9 * normal())])),
    );
  const states = new Map<string, DriftState>();
  let minute = 0;
  const look = (seen: ReturnType<typeof seenOf>): void => {
    const inputs = seen.map((one) => ({
      before: states.get(one.measure) ?? null,
      minute: one,
      context: { config, families: 250, predecessor: null },
    }));
    for (const { state, evidence } of stepTogether(inputs)) {
      states.set(evidence.measure, state);
    }
  };
  look(seenOf(answers(learned), minute, "m"));
  return timed(() => {
    const seen = Array.from({ length: minutesPerRound }, () => seenOf(answers(perMinute), ++minute, "m"));
    return () => {
      seen.forEach(look);
      return measures * minutesPerRound;
    };
  });
};

const hourTimes = (): readonly number[] => {
  const { history, watched } = hoursOf({ tau: 0.1, daily: 0.15 }, 0, "cost");
  const reference = fitSeason(history);
  const { start, step, logEvidence } = driftEvidence();
  const weeks = 100;
  return timed(() => () => {
    let [state, total] = [start, 0];
    for (let index = 0; index < weeks * watched.length; index += 1) {
      const hour = watched[index % watched.length];
      state = step(state, reference === null || hour === undefined ? 0 : scoreHour(reference, hour, null).residual);
      total += logEvidence(state);
    }
    return Number.isNaN(total) ? 0 : weeks * watched.length;
  });
};

/** Once a day or so for each series. */
const fitTimes = (): readonly number[] => {
  const { history } = hoursOf({ tau: 0.1, daily: 0.15 }, 0, "cost");
  return timed(() => () => {
    Array.from({ length: 20 }, () => fitSeason(history));
    return 20;
  });
};

/** Milliseconds of this thread for one of what a round says it did; what a round needs is made before the time counts. */
const timed = (prepare: () => () => number): readonly number[] => {
  const times: number[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const run = prepare();
    const before = process.threadCpuUsage();
    const done = run();
    const { user, system } = process.threadCpuUsage(before);
    if (round >= 0) {
      times.push((user + system) / 1_000 / done);
    }
  }
  return times;
};
