import { rangeOf } from "./question-sql.ts";
import type { Question } from "./questions-column.ts";
import { label, time, value } from "./questions-column.ts";

const seriesDimensions = ["tenant", "route", "variant", "model", "measure", "prompt"] as const;

const samples = ["reference", "baseline_n", "baseline_mean", "current_n", "current_mean", "log_evidence"] as const;

/** The columns of the last row of a group as they are, NULL included. */
const lastOf = (...names: readonly string[]): string =>
  names.map((name, index) => `last.${index + 1} AS ${name}`).join(", ");

const tupleOf = (...names: readonly string[]): string => `tuple(${names.map((name) => `r.${name}`).join(", ")})`;

const lastColumns = ["status", ...samples, "log_bound", "says"] as const;

/** Questions about what answers are like, answered from `evidence` and `findings`. */
export const driftQuestions = {
  drift: {
    title: "Drift",
    description: "where the test of each series stands, those nearest to an alarm first",
    sql: `SELECT detector, tenant, route, variant, model, measure, prompt, ${lastOf(...lastColumns)}
FROM (
  SELECT r.detector AS detector, r.tenant AS tenant, r.route AS route, r.variant AS variant, r.model AS model, r.measure AS measure, r.prompt AS prompt,
    argMax(${tupleOf(...lastColumns)}, r.minute) AS last
  ${rangeOf("evidence")}
  GROUP BY detector, tenant, route, variant, model, measure, prompt
)
ORDER BY status = 'alarm' DESC, log_evidence - log_bound DESC, model, measure
LIMIT 50`,
    columns: [
      label("detector"),
      label("tenant"),
      label("route"),
      label("variant"),
      label("model"),
      label("measure"),
      label("prompt"),
      label("status"),
      label("reference"),
      value("baseline_n", "calls"),
      value("baseline_mean", "none"),
      value("current_n", "calls"),
      value("current_mean", "none"),
      value("log_evidence", "nats"),
      value("log_bound", "nats"),
      label("says"),
    ],
    dimensions: [...seriesDimensions, "detector"],
  },
  findings: {
    title: "Findings",
    description: "what detectors found, the newest first",
    sql: `SELECT r.minute AS time, r.kind AS kind, r.tenant AS tenant, r.route AS route, r.variant AS variant, r.model AS model,
  r.measure AS measure, r.prompt AS prompt, ${samples.map((name) => `r.${name} AS ${name}`).join(", ")}, r.says AS says
${rangeOf("findings")}
ORDER BY time DESC, log_evidence DESC
LIMIT 200`,
    columns: [
      time,
      label("kind"),
      label("tenant"),
      label("route"),
      label("variant"),
      label("model"),
      label("measure"),
      label("prompt"),
      label("reference"),
      value("baseline_n", "calls"),
      value("baseline_mean", "none"),
      value("current_n", "calls"),
      value("current_mean", "none"),
      value("log_evidence", "nats"),
      label("says"),
    ],
    dimensions: [...seriesDimensions, "kind"],
  },
} as const satisfies Readonly<Record<string, Question>>;
