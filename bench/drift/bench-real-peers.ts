import type { Figure } from "../figure.ts";
import { windowPeers } from "./peers/windows.ts";
import { figureOf } from "./rate-figure.ts";
import type { Output } from "./read-outputs.ts";
import { shuffled } from "./shuffled.ts";

const controls = 200;
const windowAnswers = 100;

/** Shares of controls in which windows of 100 answers alarm in any measure of the answer, against half of the same model's. */
export const benchRealPeers = (outputs: ReadonlyMap<string, readonly Output[]>): readonly Figure[] => {
  const all = [...outputs].filter(([, answers]) => answers.length >= 2 * windowAnswers);
  const alarms = new Map<string, number>();
  for (let control = 0; control < controls; control += 1) {
    const [name = "", answers = []] = all[control % all.length] ?? [];
    const order = shuffled(answers, `control ${name} ${control}`);
    const half = order.length >> 1;
    const pairs = measuresOf(order.slice(0, half), order.slice(half, half + windowAnswers));
    for (const [peer, isAlarm] of Object.entries(windowPeers)) {
      const isAny = pairs.some(([reference, current]) => isAlarm(reference, current));
      alarms.set(peer, (alarms.get(peer) ?? 0) + (isAny ? 1 : 0));
    }
  }
  return [...alarms].map(([peer, count]) =>
    figureOf({
      ...{ name: `drift.real.controls.${peer}_any_measure`, unit: "share of windows" },
      ...{ value: count / controls, n: controls },
    }),
  );
};

/** Values of both sides, sorted, of every measure of the answer that both have and that varies. */
const measuresOf = (
  before: readonly Output[],
  after: readonly Output[],
): readonly (readonly [Float64Array, Float64Array])[] => {
  const names = Object.keys(Object.assign({}, ...before)).filter(
    (name) => name.startsWith("answer_") && !name.includes("="),
  );
  const valuesOf = (outputs: readonly Output[], name: string): Float64Array =>
    Float64Array.from(outputs.flatMap((output) => (name in output ? [output[name] ?? 0] : []))).sort();
  return names
    .map((name) => [valuesOf(before, name), valuesOf(after, name)] as const)
    .filter(([a, b]) => a.length > 0 && b.length > 0 && a[0] !== a.at(-1));
};
