import { driftConfig } from "../../processors/drift-config.ts";
import type { Mix, Traffic } from "../../test/processors/mixed-traffic.ts";
import { watchMixed } from "../../test/processors/mixed-traffic.ts";
import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { figureOf } from "./rate-figure.ts";

const runs = 200;
const perMinute = 20;
const usual: Mix = [0.8, 0.15, 0.05];
const same = { length: 1, refusals: 1 };

/** What is asked and what is answered after 1,000 usual answers; of each there are 800. */
const changes: Readonly<Record<string, Omit<Traffic, "minutes">>> = {
  nothing: { mix: usual, ...same },
  mix_slight: { mix: [0.72, 0.2, 0.08], ...same },
  mix_some: { mix: [0.6, 0.25, 0.15], ...same },
  mix_much: { mix: [0.2, 0.3, 0.5], ...same },
  mix_and_length: { mix: [0.6, 0.25, 0.15], length: 1.3, refusals: 1 },
  mix_hides_length: { mix: [0.6, 0.25, 0.15], length: 0.65, refusals: 1 },
  mix_and_refusals: { mix: [0.2, 0.3, 0.5], length: 1, refusals: 3 },
};

/**
 * Simulated answers that depend on what is asked, of three kinds: runs in which answers raise a finding when only the mix of
 * questions moves, with and without strata, and how soon a change of answers is found while it moves.
 */
export const benchStrata = (report: (text: string) => void): readonly Figure[] =>
  Object.entries(changes).flatMap(([name, change]) =>
    [true, false].flatMap((knowsStrata) => {
      const way = knowsStrata ? "within" : "without";
      report(`drift: ${name}, ${way} strata`);
      const found = Array.from({ length: runs }, (_, run) => answersToFinding(`${name} ${run}`, change, knowsStrata));
      const share = found.filter(Number.isFinite).length / runs;
      const figure = `drift.strata.${name}.${way}`;
      return [
        figureOf({ name: `${figure}.found`, unit: "share of runs", value: share, n: runs }),
        figureOf({ name: `${figure}.answers_p50`, unit: "answers", value: quantile(found, 0.5), n: runs }),
      ];
    }),
  );

const answersToFinding = (seed: string, change: Omit<Traffic, "minutes">, knowsStrata: boolean): number => {
  const found = watchMixed({
    ...{ seed, knowsStrata, config: driftConfig.parse({ baselineAnswers: 1_000 }) },
    times: [
      { mix: usual, ...same, minutes: 50 },
      { ...change, minutes: 40 },
    ],
  });
  const first = found.find(({ measure, minute }) => measure.startsWith("answer_") && minute >= 0);
  return first === undefined ? Number.POSITIVE_INFINITY : (first.minute + 1) * perMinute;
};
