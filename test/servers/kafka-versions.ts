/**
 * The releases of Apache Kafka that tests run: the newest 4.x whose parts Maven Central has all, and the last 3.x, which
 * many installations still are.
 */
export const kafkaVersions = { current: "4.3.1", previous: "3.9.2" } as const;

/** One of the releases that tests run. */
export type KafkaVersion = (typeof kafkaVersions)[keyof typeof kafkaVersions];
