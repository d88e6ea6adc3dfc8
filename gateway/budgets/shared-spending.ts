import type { BudgetConfig } from "./budget-config.ts";
import type { LevelRules } from "./budget-rule.ts";
import { compileRules } from "./budget-rule.ts";
import type { BudgetTable } from "./budget-table.ts";
import { accountKey } from "./budget-table.ts";
import type { OwnTotal, SpentTotal } from "./spent-totals.ts";

/** Whether gateways tell each other what they spend: not where each has a part of the limits for itself, or none is in dollars. */
export const isShared = ({ replicas, limits }: Pick<BudgetConfig, "replicas" | "limits">): boolean =>
  replicas === 1 && compileRules({ limits, replicas }).some(hasDollars);

const hasDollars = ({ byName, others }: LevelRules): boolean =>
  [...byName.values(), others].flat().some(({ unit }) => unit === "nanos");

/** Part of a limit that a gateway may spend before it tells: a limit makes at most a thousand reports, and those of the minutes. */
const step = 0.001;

/** What this process has spent of budgets in dollars whose windows are not over; those of nothing are left out. */
export const ownTotals = ({ accounts }: BudgetTable, gatewayId: string, nowMs: number): readonly OwnTotal[] =>
  [...accounts.values()]
    .flat()
    .filter(({ rule, endMs, spent }) => rule.unit === "nanos" && spent > 0 && nowMs < endMs)
    .map(({ rule, subject, startMs, spent }) => ({
      gatewayId,
      of: accountKey(subject),
      window: rule.window,
      startMs,
      nanos: spent,
      stepNanos: Math.max(1, Math.floor(rule.most * step)),
    }));

/** Takes in what another gateway has spent, and counts it where calls are admitted by it. */
export const hearTotal = ({ accounts, totals }: BudgetTable, total: SpentTotal, nowMs: number): void => {
  const grown = totals.take(total, nowMs);
  const counter = accounts
    .get(total.of)
    ?.find(({ rule, startMs }) => rule.unit === "nanos" && rule.window === total.window && startMs === total.startMs);
  if (counter !== undefined) {
    counter.others += grown;
  }
};
