/** Topics of an interop run, by who writes and in which encoding. */
export const interopTopics = {
  theirs: { otlp_proto: "collector-protobuf", otlp_json: "collector-json" },
  ours: { otlp_proto: "plumbline-protobuf", otlp_json: "plumbline-json" },
} as const;

/** The Collector's names of the two encodings of OTLP on Kafka. */
export type Encoding = keyof typeof interopTopics.ours;

/** Both encodings. */
export const encodings: readonly Encoding[] = ["otlp_proto", "otlp_json"];

/** Where the Collector puts what it received from one of our topics. */
export const receivedFile = (dir: string, encoding: Encoding): string => `${dir}/received-${encoding}.jsonl`;

/** A Collector that writes what comes over HTTP to Kafka, and what it reads from Kafka to files, in both encodings. */
export const interopConfig = (args: {
  readonly dir: string;
  readonly brokers: readonly string[];
  readonly httpPort: number;
}): unknown => {
  const { brokers, dir } = args;
  const receivers = encodings.map((encoding) => [
    `kafka/${encoding}`,
    {
      brokers,
      group_id: `collector-${encoding}`,
      initial_offset: "earliest",
      traces: { topics: [interopTopics.ours[encoding]], encoding },
    },
  ]);
  const toKafka = encodings.map((encoding) => [
    `kafka/${encoding}`,
    {
      brokers,
      partition_traces_by_id: true,
      traces: { topic: interopTopics.theirs[encoding], encoding },
      producer: { required_acks: -1, compression: "zstd" },
    },
  ]);
  const toFiles = encodings.map((encoding) => [`file/${encoding}`, { path: receivedFile(dir, encoding) }]);
  const readers = encodings.map((encoding) => [
    `traces/${encoding}`,
    { receivers: [`kafka/${encoding}`], exporters: [`file/${encoding}`] },
  ]);
  return {
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${args.httpPort}` } } },
      ...Object.fromEntries(receivers),
    },
    exporters: Object.fromEntries([...toKafka, ...toFiles]),
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: {
        "traces/in": { receivers: ["otlp"], exporters: encodings.map((encoding) => `kafka/${encoding}`) },
        ...Object.fromEntries(readers),
      },
    },
  };
};
