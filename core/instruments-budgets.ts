import type { Instrument } from "./instruments.ts";

/** What gateways raise about budgets. */
export const budgetInstruments = {
  budgetRefused: {
    name: "plumbline_budget_refused_calls_total",
    type: "counter",
    help: "Calls refused by a hard limit, by its level, unit and window.",
    labels: ["level", "unit", "window"],
  },
  budgetOver: {
    name: "plumbline_budget_over_calls_total",
    type: "counter",
    help: "Calls that a soft limit let pass although they could go over it, by its level, unit and window.",
    labels: ["level", "unit", "window"],
  },
  budgetUnderestimated: {
    name: "plumbline_budget_underestimated_calls_total",
    type: "counter",
    help: "Calls that cost more than was reserved for them; by as much a hard limit may have been passed.",
    labels: [],
  },
  budgetErrors: {
    name: "plumbline_budget_errors_total",
    type: "counter",
    help: "Failed attempts to write down what was spent, by error code; until one succeeds, a kill may give a budget again.",
    labels: ["code"],
  },
  budgetReportErrors: {
    name: "plumbline_budget_report_errors_total",
    type: "counter",
    help: "Failures to tell other gateways what this one has spent, or to hear it from them, by error code.",
    labels: ["code"],
  },
} as const satisfies Readonly<Record<string, Instrument>>;
