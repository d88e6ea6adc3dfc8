import type { BusMessage } from "../../bus/bus.ts";
import type { Feedback } from "../../core/feedback.ts";
import { subjectOfFeedback } from "../../core/feedback.ts";
import { topics } from "../../core/topics.ts";

/** A fact as it goes to the bus; those of one call stay in order. */
export const feedbackMessage = (fact: Feedback): BusMessage => ({
  topic: topics.feedback,
  key: subjectOfFeedback(fact),
  value: Buffer.from(JSON.stringify(fact)),
});
