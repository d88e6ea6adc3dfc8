import { driftConfig } from "../../processors/drift-config.ts";
import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { noiseFrom } from "./noise.ts";
import { figureOf } from "./rate-figure.ts";
import type { Output } from "./read-outputs.ts";
import { watchOutputs } from "./watch-outputs.ts";

const runs = 100;
const perMinute = 10;
const longest = 2_000;

/** A refusal moves two measures, as it does in the pipeline. */
const refused = (isRefused: boolean): Output =>
  isRefused
    ? { "answer_refusal_score@1": 0.9, "answer_refusal_class@1=full": 1 }
    : { "answer_refusal_score@1": 0, "answer_refusal_class@1=none": 1 };
const fenced = (hasFence: boolean): Output => ({ "answer_code_fence@1": hasFence ? 1 : 0 });

const changes = [
  { name: "refusal_002_006", before: 0.02, after: 0.06, output: refused },
  { name: "refusal_002_010", before: 0.02, after: 0.1, output: refused },
  { name: "fence_000_080", before: 0, after: 0.8, output: fenced },
] as const;

/** Simulated answers through the detector: answers until a higher rate of refusals or fences is found, by size of the baseline. */
export const benchFlags = (report: (text: string) => void): readonly Figure[] =>
  changes.flatMap(({ name, before, after, output }) =>
    [1_000, 5_000].flatMap((baseline) =>
      [true, false].flatMap((isNewVersion) => {
        const way = isNewVersion ? "told" : "silent";
        report(`drift: ${name}, ${way}, baseline of ${baseline}`);
        const answers = Array.from({ length: runs }, (_, run) => {
          const { uniform } = noiseFrom(`${name} ${way} ${baseline} ${run}`);
          const draw = (count: number, rate: number): readonly Output[] =>
            Array.from({ length: count }, () => output(uniform() < rate));
          // A silent change comes at any time of a pass.
          const waiting = isNewVersion ? 0 : Math.floor((uniform() * baseline) / 4);
          const found = watchOutputs({
            before: draw(baseline + waiting, before),
            after: draw(longest, after),
            ...{ isNewVersion, perMinute, config: driftConfig.parse({ baselineAnswers: baseline }) },
          });
          return found.answers ?? Number.POSITIVE_INFINITY;
        });
        return [0.5, 0.9].map((level) =>
          figureOf({
            name: `drift.flags.${name}.${way}.baseline_${baseline}.answers_p${level * 100}`,
            ...{ unit: "answers", value: quantile(answers, level), n: runs },
          }),
        );
      }),
    ),
  );
