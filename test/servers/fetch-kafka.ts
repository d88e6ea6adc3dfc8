import { kafkaClassPath } from "./kafka-jars.ts";
import { kafkaVersions } from "./kafka-versions.ts";

// Fetches each release of Apache Kafka that tests run, unless it is there, so that no test waits for Maven.
for (const version of Object.values(kafkaVersions)) {
  const classPath = await kafkaClassPath(version);
  console.log(`Apache Kafka ${version}: ${classPath.split(":").length} jars are in the cache.`);
}
