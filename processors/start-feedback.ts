import type { Subscription } from "../bus/bus.ts";
import { messageOf } from "../core/errors.ts";
import { topics } from "../core/topics.ts";
import type { ProcessorsConfig } from "./config.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { letterProducerOf } from "./letter-producer.ts";
import { runSaves } from "./run-saves.ts";
import { savedFeedback } from "./saved-topics.ts";

/** The group that reads outcomes and scores: a group of their own, so that no backlog of calls holds them up. */
export const feedbackGroup = ({ group }: Pick<ProcessorsConfig, "group">): string => `${group}.feedback`;

/** Starts saving outcomes and scores of calls. */
export const startFeedback = (deps: ProcessorsDeps): Subscription =>
  deps.bus.consume({
    topic: topics.feedback,
    group: feedbackGroup(deps.config),
    onPartition: (session) =>
      runSaves({ ...deps, session, letterProducer: letterProducerOf(deps.bus, session) }, savedFeedback),
    onError: (error) =>
      deps.log.error({ err: messageOf(error) }, "a partition of feedback stopped and is assigned again"),
  });
