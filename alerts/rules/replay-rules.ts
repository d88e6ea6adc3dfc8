import type { Labels } from "../../core/alert.ts";
import { messageOf } from "../../core/errors.ts";
import type { Store } from "../../store/store.ts";
import { askStore, reuseAnswers } from "./ask-store.ts";
import { limitOf } from "./limit-of.ts";
import type { ReadRows } from "./read-answers.ts";
import { readAnswers } from "./read-answers.ts";
import type { Rule } from "./rule-schema.ts";
import { skipEmpty } from "./skip-empty.ts";
import type { RuleStep, TrackedAlerts } from "./step-rule.ts";
import { stepRule } from "./step-rule.ts";

/** An alert that would have fired. Times are milliseconds since the Unix epoch. */
export interface Firing {
  readonly rule: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number | null;
  readonly firedAtMs: number;
  /** Null while it still fires at the end of the replay. */
  readonly resolvedAtMs: number | null;
}

/** A rule that could not be replayed, or not to the end, and why. */
export interface ReplayProblem {
  readonly rule: string;
  readonly message: string;
  /** Whether it is off for want of an amount, which is no failure. */
  readonly isOff: boolean;
}

/** What a replay does. */
export interface Replay {
  readonly rules: readonly Rule[];
  readonly store: Pick<Store, "ask" | "query">;
  readonly fromMs: number;
  readonly toMs: number;
  /** Between two looks. */
  readonly everyMs: number;
  readonly amounts: Readonly<Record<string, number>>;
  readonly maxSeries: number;
  /** Called after each look. */
  readonly onLook: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** What would have fired, in the order in which it would have begun, and the rules that could not be asked. */
export interface ReplayResult {
  readonly firings: readonly Firing[];
  readonly problems: readonly ReplayProblem[];
  /** The last look that was made; null when there was none. */
  readonly lastLookMs: number | null;
}

interface Replayed {
  readonly rule: Rule;
  readonly limit: number;
  alerts: TrackedAlerts;
  problem: Omit<ReplayProblem, "rule"> | null;
}

/** Windows that begin further back are asked about without looking first whether there is anything. */
const longestLookBackMs = 3 * 86_400_000;

/** Looks at rules as if it were then, over what is stored, from `fromMs` to `toMs`. */
export const replayRules = async (replay: Replay): Promise<ReplayResult> => {
  const { fromMs, toMs, everyMs, signal } = replay;
  const rules = replay.rules.map((rule) => startOf(rule, replay));
  const past = { fromMs: fromMs - longestLookBackMs, toMs };
  const read = reuseAnswers(skipEmpty(askStore(replay.store), past));
  const firings: Firing[] = [];
  const total = Math.floor((toMs - fromMs) / everyMs) + 1;
  let lastLookMs: number | null = null;
  for (let done = 0; done < total && !signal.aborted; done += 1) {
    const nowMs = fromMs + done * everyMs;
    for (const replayed of rules.filter(({ problem }) => problem === null)) {
      const step = await lookAt(replayed, { ...replay, read, nowMs });
      noteFirings(firings, step, { rule: replayed.rule.name, nowMs });
    }
    lastLookMs = nowMs;
    replay.onLook(done + 1, total);
  }
  const problems = rules.flatMap(({ rule, problem }) => (problem === null ? [] : [{ rule: rule.name, ...problem }]));
  return { firings, problems, lastLookMs };
};

const offText = "it is off, a multiple of an amount that alerts.rules.amounts does not have";

const startOf = (rule: Rule, { amounts }: Replay): Replayed => {
  const limit = limitOf(rule.condition, amounts);
  return {
    rule,
    limit: limit ?? 0,
    alerts: new Map(),
    problem: limit === null ? { isOff: true, message: offText } : null,
  };
};

/** One look at a rule; one that fails is not looked at again. */
const lookAt = async (
  replayed: Replayed,
  look: Replay & { readonly read: ReadRows; readonly nowMs: number },
): Promise<RuleStep["changes"]> => {
  const { rule, limit, alerts } = replayed;
  const { nowMs, everyMs, maxSeries, read } = look;
  try {
    const answers = await readAnswers(rule, nowMs, read);
    const step = stepRule({ rule, limit, alerts, answers, nowMs, maxSeries, longestGapMs: 4 * everyMs });
    replayed.alerts = step.alerts;
    return step.changes;
  } catch (error) {
    replayed.problem = { isOff: false, message: messageOf(error) };
    return [];
  }
};

const noteFirings = (
  firings: Firing[],
  changes: RuleStep["changes"],
  { rule, nowMs }: { readonly rule: string; readonly nowMs: number },
): void => {
  for (const { alert, reason } of changes) {
    const { labels, annotations, value } = alert;
    if (reason === "fired") {
      firings.push({ rule, labels, annotations, value, firedAtMs: nowMs, resolvedAtMs: null });
    } else if (reason === "resolved") {
      const open = firings.findLastIndex((firing) => firing.rule === rule && isSame(firing.labels, labels));
      const firing = firings[open];
      if (firing !== undefined) firings[open] = { ...firing, resolvedAtMs: nowMs };
    }
  }
};

const isSame = (a: Labels, b: Labels): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, text]) => b[name] === text);
