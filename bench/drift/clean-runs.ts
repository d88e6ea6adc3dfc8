import { noiseFrom } from "./noise.ts";
import type { StreamDetector } from "./peers/stream-detector.ts";

/** Makes values of a stream from random numbers. */
export type Draw = (noise: { readonly uniform: () => number; readonly normal: () => number }) => number;

/** How often a detector alarmed while nothing changed. */
export interface NullRuns {
  readonly alarms: number;
  readonly values: number;
}

/** Runs a detector on streams in which nothing changes, each until its first alarm or for so many values. */
export const runNull = (args: {
  readonly make: (run: number) => StreamDetector;
  readonly draw: Draw;
  readonly runs: number;
  readonly length: number;
}): NullRuns => {
  let [alarms, values] = [0, 0];
  for (let run = 0; run < args.runs; run += 1) {
    const detector = args.make(run);
    const noise = noiseFrom(`null ${run}`);
    let isAlarm = false;
    for (let index = 0; index < args.length && !isAlarm; index += 1) {
      isAlarm = detector.add(args.draw(noise));
      values += 1;
    }
    alarms += isAlarm ? 1 : 0;
  }
  return { alarms, values };
};

/** Values from the change to the first alarm, in every run; Infinity where there was none within `length`. */
export const runChanged = (args: {
  readonly make: (run: number) => StreamDetector;
  readonly before: Draw;
  readonly after: Draw;
  /** Values before the change; alarms among them are forgotten. */
  readonly warmUp: number;
  readonly runs: number;
  readonly length: number;
}): readonly number[] =>
  Array.from({ length: args.runs }, (_, run) => {
    const detector = args.make(run);
    const noise = noiseFrom(`changed ${run}`);
    for (let index = 0; index < args.warmUp; index += 1) {
      detector.add(args.before(noise));
    }
    for (let index = 1; index <= args.length; index += 1) {
      if (detector.add(args.after(noise))) {
        return index;
      }
    }
    return Number.POSITIVE_INFINITY;
  });
