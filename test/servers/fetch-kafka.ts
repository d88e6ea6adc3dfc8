import { archiveKafka } from "./archive-kafka.ts";
import { kafkaClassPath } from "./kafka-jars.ts";
import { kafkaVersions } from "./kafka-versions.ts";

// Makes each release of Apache Kafka that tests run ready to start, unless it is, so that no test waits for Maven.
for (const version of Object.values(kafkaVersions)) {
  console.log(`Apache Kafka ${version}: looking for its jars, which Maven fetches if they are not in the cache.`);
  const classPath = await kafkaClassPath(version);
  await archiveKafka(version);
  console.log(`Apache Kafka ${version}: ready, with ${classPath.split(":").length} jars.`);
}
