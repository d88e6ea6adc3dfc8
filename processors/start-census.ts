import type { Subscription } from "../bus/bus.ts";
import { messageOf } from "../core/errors.ts";
import { topics } from "../core/topics.ts";
import type { ProcessorsConfig } from "./config.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { letterProducerOf } from "./letter-producer.ts";
import { DriftWatch } from "./run-drift.ts";
import { EmbeddingWatch } from "./run-embeddings.ts";
import { runSaves } from "./run-saves.ts";
import { SeasonWatch } from "./run-season.ts";
import { savedReports } from "./saved-topics.ts";

/** The group that reads reports of gateways: a group of their own, so that no backlog of calls holds them up. */
export const censusGroup = ({ group }: Pick<ProcessorsConfig, "group">): string => `${group}.census`;

/** Who owns this partition also compares answers: there is one at a time. */
const onePartition = 0;

/** Starts saving the reports of gateways, and comparing answers with those of before. */
export const startCensus = (deps: ProcessorsDeps): Subscription =>
  deps.bus.consume({
    topic: topics.census,
    group: censusGroup(deps.config),
    onPartition: async (session) => {
      const isWatching = session.partition === onePartition && deps.config.drift.enabled;
      const watches = isWatching ? [new DriftWatch(deps), new SeasonWatch(deps), new EmbeddingWatch(deps)] : [];
      for (const watch of watches) {
        watch.start();
      }
      try {
        await runSaves({ ...deps, session, letterProducer: letterProducerOf(deps.bus, session) }, savedReports);
      } finally {
        await Promise.all(watches.map((watch) => watch.stop()));
      }
    },
    onError: (error) =>
      deps.log.error({ err: messageOf(error) }, "a partition of reports stopped and is assigned again"),
  });
