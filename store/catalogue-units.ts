import type { Column, Table } from "./catalogue-column.ts";
import { column } from "./catalogue-column.ts";

const name = "LowCardinality(String)";
const firstTime = "SimpleAggregateFunction(min, Nullable(DateTime64(3, 'UTC')))";

/** When something first came of a unit with a target, by the names of what targets are compared by. */
const eventColumns: readonly Column[] = [
  column(
    "answers_at",
    firstTime,
    "When its first whole answer was stored; NULL when there is none, as in those below.",
  ),
  column("errors_at", firstTime, "When its first call was stored that the provider failed."),
  column("rate_limited_at", firstTime, "When its first call was stored that was refused for its rate."),
  column("fallbacks_at", firstTime, "When its first call was stored that another target than the first answered."),
  column("measured_at", firstTime, "When its first measured answer was stored."),
  column("refusals_at", firstTime, "When its first answer was stored that declines."),
  column("malformed_at", firstTime, "When its first answer was stored whose form is broken, or that says nothing."),
  column("rated_at", firstTime, "When something somebody told of one of its calls was first known."),
  column("bad_rated_at", firstTime, "When something bad that somebody told of one of its calls was first known."),
];

/** What is known of each user or session that a canary counts, so that no call is looked at twice for it. */
export const trialUnitsTable: Table = {
  name: "trial_units",
  doc: "Users or sessions of a canary, with when what came of each was first known; a row of an empty unit says how far calls were taken in.",
  columns: [
    column("route", name, "Route of the canary."),
    column("unit_kind", name, "user or session."),
    column("since", "DateTime64(3, 'UTC')", "When the canary began to count units."),
    column("unit", "String", "Hash of the user, or the session."),
    column("variant", name, "Target of those of its calls that the row is about."),
    column(
      "first",
      "SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), DateTime64(9, 'UTC')))",
      "When the first of them was stored, and had begun.",
    ),
    column("begun", "SimpleAggregateFunction(min, DateTime64(9, 'UTC'))", "When the earliest of them began."),
    ...eventColumns,
    column("until", "SimpleAggregateFunction(max, DateTime64(3, 'UTC'))", "End of the last span that it was seen in."),
  ],
};
