import { isBadFact, latestOf, subjectOfFact } from "./feedback-sql.ts";
import { whereSlot } from "./question-sql.ts";
import type { Question } from "./questions-column.ts";
import { label, time, value } from "./questions-column.ts";

/** Questions about what was said of calls after them, answered from `feedback`. */
export const feedbackQuestions = {
  feedback: {
    title: "Feedback",
    description:
      "outcomes and scores of calls over time: how many, their mean, and how many are bad, by name and source",
    sql: `SELECT toStartOfInterval(said, toIntervalSecond({step:UInt32})) AS time, name, source, count() AS facts,
  avg(score) AS mean_score, countIf(is_bad) AS bad, bad / facts AS bad_ratio
FROM (
  SELECT f.name AS name, f.source AS source, ${latestOf("f.minute")} AS said, ${latestOf("f.value")} AS score,
    ${latestOf(isBadFact)} AS is_bad
  FROM feedback AS f
  WHERE f.minute >= toStartOfMinute({from:DateTime64(3)}) AND f.minute < {to:DateTime64(3)} AND ${whereSlot}
  GROUP BY ${subjectOfFact}, name, source
)
GROUP BY time, name, source
ORDER BY time, name, source`,
    columns: [
      time,
      label("name"),
      label("source"),
      value("facts", "calls"),
      value("mean_score", "score"),
      value("bad", "calls"),
      value("bad_ratio", "ratio"),
    ],
    dimensions: ["name", "source"],
  },
} as const satisfies Readonly<Record<string, Question>>;
