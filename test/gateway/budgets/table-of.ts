import { budgetConfig } from "../../../gateway/budgets/budget-config.ts";
import { compileRules } from "../../../gateway/budgets/budget-rule.ts";
import type { BudgetTable, Subject } from "../../../gateway/budgets/budget-table.ts";
import { SpentTotals } from "../../../gateway/budgets/spent-totals.ts";

/** An empty table of limits as a configuration names them. */
export const tableOf = (limits: readonly object[], replicas = 1): BudgetTable => ({
  levels: compileRules(budgetConfig.parse({ limits, replicas })),
  accounts: new Map(),
  totals: new SpentTotals(),
});

/** Somebody with a budget. */
export const subject = (level: Subject["level"], name = ""): Subject => ({ level, name, id: name });

/** A dollar in nano-dollars. */
export const dollar = 1_000_000_000;
