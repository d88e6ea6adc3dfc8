import type { Subscription } from "../bus/bus.ts";
import { messageOf } from "../core/errors.ts";
import { topics } from "../core/topics.ts";
import type { ProcessorsDeps } from "./deps.ts";
import type { DrainedGroup } from "./drain.ts";
import { drain } from "./drain.ts";
import { Embedder } from "./embedder.ts";
import { letterProducerOf } from "./letter-producer.ts";
import { createMeasureCall } from "./measure-call.ts";
import { createPriceCall } from "./price-call.ts";
import { runPartition } from "./run-partition.ts";
import { censusGroup, startCensus } from "./start-census.ts";
import { feedbackGroup, startFeedback } from "./start-feedback.ts";

/** Running processors. */
export interface Processors {
  /**
   * Resolves when everything that was on the bus before the call is stored, by whichever processors, or after `timeoutMs`;
   * tells which.
   */
  readonly drain: (timeoutMs: number) => Promise<boolean>;
  /** Finishes the batch under way and stops. */
  readonly stop: () => Promise<void>;
}

/** Starts turning the spans on the bus into rows of the store, and saving the reports of gateways and feedback. */
export const startProcessors = (deps: ProcessorsDeps): Processors => {
  const { bus, config, log } = deps;
  const steps = { priceCall: createPriceCall(config.prices), measureCall: createMeasureCall() };
  const picks = config.embedding;
  const embedder =
    picks === undefined ? null : new Embedder({ ...deps, config: picks, fetch: (url, init) => fetch(url, init) });
  const groups: readonly DrainedGroup[] = [
    { topic: topics.spans, group: config.group },
    { topic: topics.census, group: censusGroup(config) },
    { topic: topics.feedback, group: feedbackGroup(config) },
  ];
  const calls: Subscription = bus.consume({
    topic: topics.spans,
    group: config.group,
    onPartition: (session) =>
      runPartition({
        ...{ ...deps, session, embedder, letterProducer: letterProducerOf(bus, session) },
        steps: picks === undefined ? steps : { ...steps, picks },
      }),
    onError: (error) => log.error({ err: messageOf(error) }, "a partition stopped and is assigned again"),
  });
  const census = startCensus(deps);
  const feedback = startFeedback(deps);
  return {
    drain: async (timeoutMs) => {
      const done = await Promise.all(groups.map((group) => drain(deps, group, timeoutMs)));
      return done.every(Boolean);
    },
    stop: async () => {
      await Promise.all([calls.stop(), census.stop(), feedback.stop()]);
    },
  };
};
