import type { CanaryStep } from "../../alerts/canary/step-canary.ts";
import type { Random } from "../../core/random.ts";
import { seededRandom } from "../../core/random.ts";
import type { Span } from "./judged.ts";
import type { Rule, Watch } from "./rule.ts";
import type { Outcomes } from "./tally.ts";

/** One minute of a rollout: what the judge sees of it, span by span, and what the rules of others see of the whole. */
export interface Minute<Counts> {
  readonly spans: readonly Span[];
  readonly counts: Counts;
  /** Requests of the candidate in each span. */
  readonly requests: readonly number[];
}

/** One situation in which rollouts are simulated. */
export interface Cell<Counts> {
  readonly runs: number;
  readonly minutes: number;
  readonly seed: number;
  /** The traffic of one rollout, minute by minute; what is drawn for the rollout itself is drawn at the start. */
  readonly traffic: (random: Random) => (minute: number) => Minute<Counts>;
  readonly judge: () => (span: Span) => CanaryStep;
  readonly rules: readonly Rule<Counts>[];
}

/** What the judge and the rules did in a cell, by name: requests of the candidate until a rollback, one for each run. */
export type CellOutcomes = ReadonlyMap<string, Outcomes>;

/** The judge at evidence 20, and with the verdict of its plan; and runs that it called invalid. */
export const judgeNames = {
  at20: "judge, alpha 0.05",
  verdict: "judge, its verdict",
  invalid: "judge, invalid",
} as const;

const log20 = Math.log(20);

/** Simulates all runs of a cell; each has a seed of its own, so that any of them can be seen again. */
export const runCell = <Counts>(cell: Cell<Counts>): CellOutcomes => {
  const names = [...Object.values(judgeNames), ...cell.rules.map(({ name }) => name)];
  const outcomes = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let run = 0; run < cell.runs; run += 1) {
    const found = runOnce(cell, seededRandom(cell.seed * 1_000_003 + run));
    for (const name of names) {
      outcomes.get(name)?.push(found.get(name) ?? Number.POSITIVE_INFINITY);
    }
  }
  return outcomes;
};

const runOnce = <Counts>(cell: Cell<Counts>, random: Random): ReadonlyMap<string, number> => {
  const traffic = cell.traffic(random);
  const found = new Map<string, number>();
  const judge = judgeWatch(cell.judge(), found);
  const watches = cell.rules.map(({ name, start }) => ({ name, watch: start() }));
  let requests = 0;
  for (let minute = 0; minute < cell.minutes && !(judge.isOver() && watches.length === 0); minute += 1) {
    const { spans, counts, requests: bySpan } = traffic(minute);
    judge.see(spans, bySpan, requests);
    requests += bySpan.reduce((sum, count) => sum + count, 0);
    watchMinute(watches, counts, { found, requests });
  }
  return found;
};

/** Watches that roll back are taken from the list. */
const watchMinute = <Counts>(
  watches: { name: string; watch: Watch<Counts> }[],
  counts: Counts,
  { found, requests }: { readonly found: Map<string, number>; readonly requests: number },
): void => {
  for (let index = watches.length - 1; index >= 0; index -= 1) {
    const each = watches[index];
    if (each?.watch(counts) === true) {
      found.set(each.name, requests);
      watches.splice(index, 1);
    }
  }
};

interface JudgeWatch {
  readonly see: (spans: readonly Span[], bySpan: readonly number[], before: number) => void;
  readonly isOver: () => boolean;
}

const judgeWatch = (judge: (span: Span) => CanaryStep, found: Map<string, number>): JudgeWatch => {
  const isOver = (): boolean =>
    found.has(judgeNames.invalid) || (found.has(judgeNames.verdict) && found.has(judgeNames.at20));
  const note = (name: string, requests: number): void => {
    if (!found.has(name)) found.set(name, requests);
  };
  return {
    isOver,
    see: (spans, bySpan, before) => {
      let requests = before;
      for (const [index, span] of spans.entries()) {
        requests += bySpan[index] ?? 0;
        if (isOver()) return;
        const { verdict, logEvidence } = judge(span);
        if (logEvidence >= log20) note(judgeNames.at20, requests);
        if (verdict === "fail") note(judgeNames.verdict, requests);
        if (verdict === "invalid") note(judgeNames.invalid, requests);
      }
    },
  };
};
