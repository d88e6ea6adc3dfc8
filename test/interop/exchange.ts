import { existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Bus } from "../../bus/bus.ts";
import { kafkaBusConfig } from "../../bus/config.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import { decodeSpans } from "../../processors/decode-spans.ts";
import { startCollector } from "../servers/collector.ts";
import { collectorVersion } from "../servers/collector-recipe.ts";
import { freePorts } from "../servers/free-ports.ts";
import { administer, kafkaClient } from "../servers/kafka-client.ts";
import { kafkaVersions } from "../servers/kafka-versions.ts";
import type { Encoding } from "./collector-config.ts";
import { encodings, interopConfig, interopTopics, receivedFile } from "./collector-config.ts";
import type { Golden } from "./golden.ts";
import { publishJson, recordCalls, sendSpans } from "./send.ts";
import { sentSpans } from "./sent-spans.ts";

const partitions = 3;
const limitMs = 60_000;

/**
 * Lets a Collector and us write to Kafka and read what the other wrote. Rejects when something does not come within a
 * minute.
 */
export const exchange = async (args: {
  readonly path: string;
  readonly dir: string;
  readonly brokers: string[];
}): Promise<Golden> => {
  const { dir, brokers } = args;
  await administer(kafkaClient(brokers), (admin) =>
    admin.createTopics({
      topics: [...Object.values(interopTopics.theirs), ...Object.values(interopTopics.ours)].map((topic) => ({
        topic,
        numPartitions: partitions,
      })),
      waitForLeaders: true,
    }),
  );
  const bus = openKafkaBus({
    config: kafkaBusConfig.parse({ kind: "kafka", brokers, replicationFactor: 1 }),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });
  const [httpPort = 0] = await freePorts(1);
  const collector = await startCollector({ ...args, config: interopConfig({ dir, brokers, httpPort }) });
  try {
    await sendSpans(httpPort);
    const sent = { otlp_proto: await recordCalls(bus, dir), otlp_json: await publishJson(bus) };
    const written = await Promise.all(encodings.map((encoding) => recordsWritten(bus, encoding)));
    const received = await Promise.all(
      encodings.map(async (encoding) => ({
        encoding,
        sent: sent[encoding].map(base64),
        lines: [...(await linesReceived({ dir, encoding, spans: spansIn(sent[encoding]) }))],
      })),
    );
    return { collector: collectorVersion, kafka: kafkaVersions.current, written: written.flat(), received };
  } finally {
    await collector.stop();
    await bus.close();
  }
};

const base64 = (value: Uint8Array): string => Buffer.from(value).toString("base64");
const spansIn = (values: readonly Uint8Array[]): number => values.flatMap((value) => decodeSpans(value)).length;

/** The records of the Collector in one of its topics, when all spans are there. */
const recordsWritten = (bus: Bus, encoding: Encoding): Promise<Golden["written"]> =>
  until(`the Collector's records in ${encoding}`, async () => {
    const records: Golden["written"] = [];
    for await (const { key, partition, value } of bus.browse(interopTopics.theirs[encoding])) {
      records.push({ encoding, key: key ?? "", partition, partitions, value: base64(value) });
    }
    const spans = spansIn(records.map(({ value }) => Buffer.from(value, "base64")));
    return spans >= sentSpans.length ? records : null;
  });

const linesReceived = (wanted: {
  readonly dir: string;
  readonly encoding: Encoding;
  readonly spans: number;
}): Promise<readonly string[]> =>
  until(`what the Collector received in ${wanted.encoding}`, async () => {
    const file = receivedFile(wanted.dir, wanted.encoding);
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
    return spansIn(lines.map((line) => Buffer.from(line))) >= wanted.spans ? lines : null;
  });

const until = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > endMs) throw new Error(`${what} did not come within ${limitMs / 1000} s`);
    await pause(100);
  }
};
