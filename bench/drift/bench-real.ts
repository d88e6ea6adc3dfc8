import { driftConfig } from "../../processors/drift-config.ts";
import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { benchRealEmbeddings } from "./bench-real-embeddings.ts";
import { benchRealPeers } from "./bench-real-peers.ts";
import { figureOf } from "./rate-figure.ts";
import type { RealOutputs } from "./read-outputs.ts";
import { readOutputs } from "./read-outputs.ts";
import type { RealPair } from "./real-pairs.ts";
import { alpacaModels, realPairs } from "./real-pairs.ts";
import { shuffled } from "./shuffled.ts";
import { watchOutputs } from "./watch-outputs.ts";

const versionOrders = 11;
const silentOrders = 5;
const perMinute = 10;
const controls = 1_000;
/** Larger minutes, so that 1,000 controls take a minute and a half. */
const perMinuteOfControls = 20;
const config = driftConfig.parse({});

type Outputs = RealOutputs["outputs"];

/**
 * Real outputs through the detector, in orders that a seed decides, each output used once: answers until the first finding of a
 * changed version or prompt, and alarms where one half of a model's outputs follows the other.
 */
export const benchReal = (report: (text: string) => void): readonly Figure[] => {
  const read = readOutputs(alpacaModels);
  if (read === null) {
    report("drift: real outputs not run, for they are not in ../shared/data or the folder PLUMBLINE_DATA names");
    return [];
  }
  const { outputs } = read;
  const pairs = realPairs.flatMap((pair) => {
    report(`drift: real outputs, ${pair.name}`);
    return [...pairFigures(pair, outputs, true), ...pairFigures(pair, outputs, false)];
  });
  report(`drift: ${controls} controls`);
  const controlled = controlFigure(outputs);
  report("drift: real outputs, wording");
  return [...pairs, controlled, ...benchRealPeers(outputs), ...benchRealEmbeddings(read)];
};

/** With the version before it is compared from its first answer; silently, it follows under the same name. */
const pairFigures = (pair: RealPair, outputs: Outputs, isNewVersion: boolean): readonly Figure[] => {
  const orders = isNewVersion ? versionOrders : silentOrders;
  const results = Array.from({ length: orders }, (_, order) =>
    watchOutputs({
      before: shuffled(outputs.get(pair.before) ?? [], `before ${order}`),
      after: shuffled(outputs.get(pair.after) ?? [], `after ${order}`),
      ...{ isNewVersion, perMinute, config },
    }),
  );
  const answers = results.map((result) => result.answers ?? Number.POSITIVE_INFINITY);
  const name = `drift.real.${pair.kind}.${pair.name}.${isNewVersion ? "told" : "silent"}`;
  const early = results.filter((result) => result.early > 0).length;
  const found = results.filter((result) => result.answers !== null).length;
  return [
    figureOf({ name: `${name}.found`, unit: "share of runs", value: found / orders, n: orders }),
    figureOf({ name: `${name}.answers_p50`, unit: "answers", value: quantile(answers, 0.5), n: orders }),
    figureOf({ name: `${name}.answers_p90`, unit: "answers", value: quantile(answers, 0.9), n: orders }),
    ...(isNewVersion ? [] : [figureOf({ name: `${name}.early_alarms`, unit: "runs", value: early, n: orders })]),
  ];
};

/** Halves of the outputs of one model in turn, as if the second half came from a new version. */
const controlFigure = (outputs: Outputs): Figure => {
  const all = [...outputs];
  let alarms = 0;
  for (let control = 0; control < controls; control += 1) {
    const [name = "", answers = []] = all[control % all.length] ?? [];
    const order = shuffled(answers, `control ${name} ${control}`);
    const half = order.length >> 1;
    const [before, after] = [order.slice(0, half), order.slice(half)];
    const result = watchOutputs({ before, after, isNewVersion: true, perMinute: perMinuteOfControls, config });
    alarms += result.answers === null ? 0 : 1;
  }
  return figureOf({ name: "drift.real.controls.alarms", unit: "alarms", value: alarms, n: controls });
};
