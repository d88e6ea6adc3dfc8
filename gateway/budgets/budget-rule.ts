import type { BudgetConfig, BudgetLevel, LimitConfig } from "./budget-config.ts";
import type { Window } from "./window.ts";

/** What a rule counts: nano-dollars, calls, or tokens of both sides. */
export type BudgetUnit = "nanos" | "requests" | "tokens";

/** One number that may not be passed in a window. */
export interface BudgetRule {
  readonly level: BudgetLevel;
  readonly unit: BudgetUnit;
  readonly window: Window;
  /** In its unit, a whole number; the part of this replica. */
  readonly most: number;
  readonly isHard: boolean;
}

/** The rules of one level: of those named, and of each other one. */
export interface LevelRules {
  readonly level: BudgetLevel;
  readonly byName: ReadonlyMap<string, readonly BudgetRule[]>;
  /** Empty when only those named have a limit. */
  readonly others: readonly BudgetRule[];
}

/** Nano-dollars of a dollar. */
const nanosPerDollar = 1_000_000_000;

/** The rules of a configuration, a level at a time; levels without any are left out. */
export const compileRules = ({ limits, replicas }: Pick<BudgetConfig, "limits" | "replicas">): readonly LevelRules[] =>
  [...Map.groupBy(limits, ({ level }) => level)].map(([level, ofLevel]) => ({
    level,
    byName: new Map(
      ofLevel.flatMap((limit) => (limit.name === undefined ? [] : [[limit.name, rulesOf(limit, replicas)]])),
    ),
    others: ofLevel.filter(({ name }) => name === undefined).flatMap((limit) => rulesOf(limit, replicas)),
  }));

/** The rules of a level that hold for a name; none for null, which stands for nobody. */
export const rulesFor = ({ byName, others }: LevelRules, name: string | null): readonly BudgetRule[] =>
  name === null ? noRules : (byName.get(name) ?? others);

const noRules: readonly BudgetRule[] = [];

const rulesOf = (limit: LimitConfig, replicas: number): readonly BudgetRule[] => {
  const rule = (unit: BudgetUnit, window: Window, most: number | undefined): readonly BudgetRule[] =>
    most === undefined
      ? []
      : [{ level: limit.level, unit, window, most: Math.floor(most / replicas), isHard: limit.mode === "hard" }];
  const nanos = (amount: number | undefined): number | undefined =>
    amount === undefined ? undefined : Math.round(amount * nanosPerDollar);
  return [
    ...rule("requests", "minute", limit.requestsPerMinute),
    ...rule("tokens", "minute", limit.tokensPerMinute),
    ...rule("nanos", "hour", nanos(limit.dollarsPerHour)),
    ...rule("nanos", "day", nanos(limit.dollarsPerDay)),
    ...rule("nanos", "month", nanos(limit.dollarsPerMonth)),
  ];
};
