import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { figureOf } from "./rate-figure.ts";
import type { RealOutputs } from "./read-outputs.ts";
import { realPairs } from "./real-pairs.ts";
import { shuffled } from "./shuffled.ts";
import { watchEmbeddings } from "./watch-embeddings.ts";

const orders = 11;
const perMinute = 10;
const controls = 1_000;
/** As for the controls of measures. */
const perMinuteOfControls = 20;

/** What the detector of wording finds of the same pairs and controls, by itself (test G on sums of embeddings). */
export const benchRealEmbeddings = ({ embeddings }: RealOutputs): readonly Figure[] => [
  ...realPairs.flatMap(({ kind, name, before, after }) =>
    [true, false].flatMap((isNewVersion) => {
      const results = Array.from({ length: orders }, (_, order) =>
        watchEmbeddings({
          before: shuffled(embeddings.get(before) ?? [], `before ${order}`),
          after: shuffled(embeddings.get(after) ?? [], `after ${order}`),
          ...{ isNewVersion, perMinute },
        }),
      );
      const answers = results.map((result) => result.answers ?? Number.POSITIVE_INFINITY);
      const figure = `drift.real_embedding.${kind}.${name}.${isNewVersion ? "told" : "silent"}`;
      const found = answers.filter(Number.isFinite).length;
      const early = results.filter((result) => result.early > 0).length;
      return [
        figureOf({ name: `${figure}.found`, unit: "share of runs", value: found / orders, n: orders }),
        figureOf({ name: `${figure}.answers_p50`, unit: "answers", value: quantile(answers, 0.5), n: orders }),
        figureOf({ name: `${figure}.answers_p90`, unit: "answers", value: quantile(answers, 0.9), n: orders }),
        ...(isNewVersion ? [] : [figureOf({ name: `${figure}.early_alarms`, unit: "runs", value: early, n: orders })]),
      ];
    }),
  ),
  controlFigure(embeddings),
];

/** Halves of the answers of one model in turn, as if the second half came from a new version. */
const controlFigure = (embeddings: RealOutputs["embeddings"]): Figure => {
  const all = [...embeddings];
  let alarms = 0;
  for (let control = 0; control < controls; control += 1) {
    const [name = "", vectors = []] = all[control % all.length] ?? [];
    const order = shuffled(vectors, `control ${name} ${control}`);
    const half = order.length >> 1;
    const [before, after] = [order.slice(0, half), order.slice(half)];
    const { answers } = watchEmbeddings({ before, after, isNewVersion: true, perMinute: perMinuteOfControls });
    alarms += answers === null ? 0 : 1;
  }
  return figureOf({ name: "drift.real_embedding.controls.alarms", unit: "alarms", value: alarms, n: controls });
};
