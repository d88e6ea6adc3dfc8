import type { Alert } from "../../core/alert.ts";
import { messageOf } from "../../core/errors.ts";
import type { AlertEvent } from "../../core/events.ts";
import { alertEvent } from "./describe-change.ts";
import { limitOf } from "./limit-of.ts";
import type { ReadRows } from "./read-answers.ts";
import { readAnswers } from "./read-answers.ts";
import type { Rule } from "./rule-schema.ts";
import type { RuleState } from "./rule-state.ts";
import type { TrackedAlerts } from "./step-rule.ts";
import { stepRule } from "./step-rule.ts";
import type { Telling } from "./tell-alerts.ts";
import { tellAlerts } from "./tell-alerts.ts";

/** What of the configuration a rule is looked at with. */
export interface KeeperSettings {
  readonly amounts: Readonly<Record<string, number>>;
  readonly everyMs: number;
  readonly settleMs: number;
  readonly maxSeries: number;
}

/** How a rule does. `off` lacks an amount, `parked` failed and is tried again each minute. */
export interface RuleStatus {
  readonly rule: string;
  readonly state: "new" | "running" | "off" | "parked";
  /** Why it is off or parked; empty otherwise. */
  readonly reason: string;
  readonly pending: number;
  readonly firing: number;
  /** Series of the last look that were over the limit of series, and so not looked at. */
  readonly droppedSeries: number;
}

/** A look whose pause was longer than so many others breaks what held "for" some time. */
const gapLooks = 4;

/** What is tried in vain is tried again after this. */
const parkedMs = 60_000;

/** A rule with its alerts, from look to look. */
export class RuleKeeper {
  readonly rule: Rule;
  readonly #settings: KeeperSettings;
  readonly #limit: number | null;
  #alerts: TrackedAlerts = new Map();
  #sequence = 0;
  #savedMs = 0;
  #retryMs = 0;
  #problem: string | null = null;
  #droppedSeries = 0;
  #hasLooked = false;

  constructor(rule: Rule, settings: KeeperSettings) {
    this.rule = rule;
    this.#settings = settings;
    this.#limit = limitOf(rule.condition, settings.amounts);
  }

  get status(): RuleStatus {
    const count = (state: string): number => [...this.#alerts.values()].filter((alert) => alert.state === state).length;
    return {
      rule: this.rule.name,
      state: this.#state(),
      reason: this.#limit === null ? `alerts.rules.amounts has no ${amountOf(this.rule)}` : (this.#problem ?? ""),
      pending: count("pending"),
      firing: count("firing"),
      droppedSeries: this.#droppedSeries,
    };
  }

  /** Goes on from what was saved. */
  remember({ alerts, sequence }: RuleState): void {
    this.#alerts = alerts;
    this.#sequence = sequence;
  }

  /** Whether the rule is to be looked at now. */
  isDue(nowMs: number): boolean {
    return this.#limit !== null && nowMs >= this.#retryMs;
  }

  /** Looks at the rule; resolves with the state that is to be saved, null when it is hardly another. */
  async look(read: ReadRows, nowMs: number): Promise<RuleState | null> {
    const { rule } = this;
    const { settleMs, everyMs, maxSeries } = this.#settings;
    const limit = this.#limit ?? Number.NaN;
    const answers = await readAnswers(rule, nowMs - settleMs, read);
    const look = { rule, limit, answers, nowMs, maxSeries, longestGapMs: gapLooks * everyMs };
    const { alerts, changes, droppedSeries } = stepRule({ ...look, alerts: this.#alerts });
    const events = changes.map((change): AlertEvent => alertEvent({ ...change, rule, limit, nowMs }));
    const before = this.#alerts;
    this.#alerts = alerts;
    this.#droppedSeries = droppedSeries;
    this.#hasLooked = true;
    const isStale = nowMs - this.#savedMs >= parkedMs && before.size + alerts.size > 0;
    if (events.length === 0 && !isStale) {
      return null;
    }
    this.#savedMs = nowMs;
    this.#sequence = Math.max(this.#sequence + 1, nowMs);
    return { rule: rule.name, sequence: this.#sequence, alerts, events };
  }

  /** Takes note of how the last look went; returns whether that is news. */
  note(error: unknown, nowMs: number): boolean {
    const wasParked = this.#problem !== null;
    this.#problem = error === null ? null : messageOf(error);
    this.#retryMs = error === null ? 0 : nowMs + parkedMs;
    return wasParked !== (this.#problem !== null);
  }

  /** What others are to hear of the rule's alerts. */
  tell(telling: Omit<Telling, "rule">): readonly Alert[] {
    return tellAlerts(this.#alerts, { ...telling, rule: this.rule });
  }

  #state(): RuleStatus["state"] {
    if (this.#limit === null) {
      return "off";
    }
    if (this.#problem !== null) {
      return "parked";
    }
    return this.#hasLooked ? "running" : "new";
  }
}

const amountOf = ({ condition }: Rule): string => (condition.kind === "threshold" ? (condition.times ?? "") : "");
