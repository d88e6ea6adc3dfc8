import { mixedCall } from "./call-mix.ts";
import type { Defect } from "./judge-call.ts";
import { judgeCall } from "./judge-call.ts";
import type { SoakCallers } from "./soak-callers.ts";
import type { SpansSeen } from "./spans-seen.ts";

/** What the callers, the provider and the bus know of the calls. */
export interface Sides {
  readonly callers: Pick<SoakCallers, "views" | "brokenWithoutKill">;
  readonly seen: Pick<SpansSeen, "spansOf" | "outcomeOf" | "missingOfTold">;
  /** How often the provider was asked for the call of each number. */
  readonly asked: Uint8Array;
}

/** What is wrong with the calls, and how they ended. */
export interface Judgement {
  /** Defects by kind, in calls; all 0 when every call has the one record that it must have. */
  readonly defects: Readonly<Record<Exclude<Defect, null> | "brokenWithoutKill" | "missingOfTold", number>>;
  /** The first calls with a defect, in words. */
  readonly examples: readonly string[];
  /** Calls by the outcome of their record; `none` for those without. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Calls by how they ended for their caller. */
  readonly views: Readonly<Record<string, number>>;
}

const maxExamples = 10;

/** Judges the calls of the numbers 1 to `calls`. */
export const judgeCalls = ({ callers, seen, asked }: Sides, calls: number): Judgement => {
  const defects = { lost: 0, double: 0, not_a_call: 0, disagrees: 0, brokenWithoutKill: 0 };
  const examples: string[] = [];
  const outcomes = new Map<string, number>();
  const views = new Map<string, number>();
  for (let number = 1; number <= calls; number += 1) {
    const { behaviour, path, isStream } = mixedCall(number);
    const view = callers.views[number] ?? "refused";
    const spans = seen.spansOf(number);
    const outcome = seen.outcomeOf(number);
    const isAsked = (asked[number] ?? 0) > 0;
    const defect = judgeCall({ behaviour, view, isAsked, spans, outcome });
    // A kept connection that is closed while the next request is on its way carried no call.
    defects.brokenWithoutKill += isAsked && callers.brokenWithoutKill.has(number) ? 1 : 0;
    countOne(views, String(view));
    countOne(outcomes, outcome ?? "none");
    if (defect !== null) {
      defects[defect] += 1;
      const what = `${path}${isStream ? " as a stream" : ""}, ${behaviour}`;
      examples.push(`call ${number} (${what}): ${defect}, seen as ${view}, ${spans} spans, ${outcome}`);
    }
  }
  return {
    defects: { ...defects, missingOfTold: seen.missingOfTold() },
    examples: examples.slice(0, maxExamples),
    outcomes: Object.fromEntries(outcomes),
    views: Object.fromEntries(views),
  };
};

const countOne = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};
