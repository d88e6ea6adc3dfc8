import type { TimeseriesPanel } from "../panel.ts";

/** Mean of what was said of calls. */
export const feedbackScores: TimeseriesPanel = {
  id: "feedback-scores",
  title: "Scores",
  description:
    "Mean of what users, judges and evals said of calls, by name and source, each on its own scale; more is better. A gap means that nothing was said.",
  question: "feedback",
  filledBy: "facts that are posted about calls (docs/feedback.md)",
  kind: "timeseries",
  time: "time",
  series: ["name", "source"],
  values: [{ column: "mean_score", title: "Mean", unit: "score" }],
  shown: "mean_score",
  shape: "line",
};

/** Share of what was said of calls that is bad. */
export const badFeedback: TimeseriesPanel = {
  id: "bad-feedback",
  title: "Bad feedback",
  description:
    "Share of what was said of calls that is bad, by name and source: a value of 0 or less, or one of the labels bad, down and negative.",
  question: "feedback",
  filledBy: "facts that are posted about calls (docs/feedback.md)",
  kind: "timeseries",
  time: "time",
  series: ["name", "source"],
  values: [{ column: "bad_ratio", title: "Bad", unit: "ratio" }],
  shown: "bad_ratio",
  shape: "line",
};
