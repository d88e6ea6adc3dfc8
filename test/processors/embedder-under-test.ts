import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { EmbeddingSum } from "../../core/embedding-sum.ts";
import { AnswersToEmbed } from "../../processors/answers-to-embed.ts";
import { Embedder } from "../../processors/embedder.ts";
import type { EmbedderConfig } from "../../processors/embedder-config.ts";
import { embedderConfig } from "../../processors/embedder-config.ts";
import { endpointMeasure } from "../../processors/embedder-measure.ts";
import { createProjection } from "../../processors/embedder-projection.ts";
import { EmbeddingSums } from "../../processors/embedding-sums.ts";
import { keptMeter } from "../alerts/delivery/kept-meter.ts";
import type { MockUpstream } from "../gateway/support/mock-upstream.ts";
import { startUpstream } from "../gateway/support/mock-upstream.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { callWith } from "./calls.ts";
import { answerVectors, serverDimensions, serverVector } from "./embeddings-server.ts";

/** The answers that are embedded where a test names none; of two series in turn. */
export const texts = ["alpha", "beta", "gamma", "delta", "epsilon"];
/** The key that the endpoint is asked with. */
export const secret = "sk-embedding-key";
const range = { topic: "otlp_spans", partition: 2, start: 40 };

/** An embedder before a server, with what it counted and every word that it logged. */
export interface EmbedderUnderTest {
  readonly clock: VirtualClock;
  readonly config: EmbedderConfig;
  readonly embed: (texts?: readonly string[]) => Promise<readonly EmbeddingSum[]>;
  /** Answers by what became of them. */
  readonly results: () => Readonly<Record<string, number>>;
  /** All that was counted. */
  readonly sums: () => Readonly<Record<string, number>>;
  readonly lines: readonly string[];
  readonly stop: () => void;
}

/** Prepares a server and a folder for each test of a file; to be called once, at its top. */
export const setUpEmbedder = (): {
  readonly server: () => MockUpstream;
  readonly folder: () => string;
  readonly embedderWith: (settings?: object) => EmbedderUnderTest;
} => {
  let server: MockUpstream;
  let folder: string;
  beforeEach(async () => {
    server = await startUpstream(answerVectors());
    folder = mkdtempSync(join(tmpdir(), "plumbline-embedder-"));
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  return {
    server: () => server,
    folder: () => folder,
    embedderWith: (settings = {}) => embedderBefore(server.port, settings),
  };
};

const embedderBefore = (port: number, settings: object): EmbedderUnderTest => {
  const clock = virtualClock();
  const kept = keptMeter();
  const lines: string[] = [];
  const keep = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const config = embedderConfig.parse({
    ...{ baseUrl: `http://127.0.0.1:${port}/v1/`, model: "emb-1", apiKey: secret },
    ...{ dimensions: serverDimensions, ...settings },
  });
  const embedder = new Embedder({
    ...{ config, clock, meter: kept.meter, log: { info: keep, warn: keep, error: keep } },
    fetch: (url, init) => fetch(url, init),
  });
  const stopping = new AbortController();
  return {
    ...{ clock, config, lines, sums: kept.sums },
    embed: (of = texts) => {
      const answers = new AnswersToEmbed(config);
      for (const [at, text] of of.entries()) answers.add(callWith({ route: `route ${at % 2}` }), text, "full");
      return embedder.embed(range, answers, stopping.signal);
    },
    results: () => resultsOf(kept.sums()),
    stop: () => stopping.abort(),
  };
};

const prefix = "embedderAnswers ";

const resultsOf = (sums: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(sums).flatMap(([key, n]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), n]] : [])),
  );

/** What the vectors of the server for the texts of a test add up to. */
export const serverSums = (config: EmbedderConfig, model = "emb-1"): readonly EmbeddingSum[] => {
  const sums = new EmbeddingSums(range, endpointMeasure(config, model));
  const project = createProjection(serverDimensions);
  for (const [at, text] of texts.entries())
    sums.add(callWith({ route: `route ${at % 2}` }), project(serverVector(text)) ?? new Float32Array(0), at % 2);
  return sums.all();
};
