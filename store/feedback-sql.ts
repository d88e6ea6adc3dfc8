import { badLabels } from "../core/feedback.ts";

const labels = badLabels.map((label) => `'${label}'`).join(", ");

/** Whether a fact of `feedback AS f` is bad: a value of 0 or less, or a label that says so. */
export const isBadFact = `(f.value <= 0 OR lower(f.label) IN (${labels}))`;

/** The call, or the trace where no call is named, that a fact of `feedback AS f` is about. */
export const subjectOfFact = "if(f.call_id = '', f.trace_id, f.call_id)";

/** Of the facts with one call, name and source this column's is the one that holds. */
export const latestOf = (expression: string): string => `argMax(${expression}, (f.at, f.source_offset))`;
