import type { CensusReport } from "../core/census.ts";
import { censusReport } from "../core/census.ts";
import type { Feedback } from "../core/feedback.ts";
import { feedback } from "../core/feedback.ts";
import { readJson } from "./read-json.ts";
import type { SavedTopic } from "./run-saves.ts";

/** Reports of gateways on the calls that they have finished. */
export const savedReports: SavedTopic<CensusReport> = {
  stage: "census",
  table: "gateway_reports",
  unreadable: "census.unreadable",
  read: (bytes) => readJson(censusReport, bytes),
  save: (store, received) =>
    store.saveReports(received.map(({ value: report, receivedAtMs }) => ({ report, receivedAtMs }))),
};

/** Outcomes and scores of calls. */
export const savedFeedback: SavedTopic<Feedback> = {
  stage: "feedback",
  table: "feedback",
  unreadable: "feedback.unreadable",
  read: (bytes) => readJson(feedback, bytes),
  save: (store, received) =>
    store.saveFeedback(
      received.map(({ value, origin: { partition, offset } }) => ({ feedback: value, partition, offset })),
    ),
};
