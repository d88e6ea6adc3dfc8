import { expect, it } from "vitest";
import { kafkaBusConfig } from "../../bus/config.ts";
import { topicSettings } from "../../bus/kafka-topic-settings.ts";
import { topics } from "../../core/topics.ts";

const hour = 3_600_000;

it("a topic of totals keeps the last record of each key, and none that is too old", () => {
  const config = kafkaBusConfig.parse({ kind: "kafka", brokers: ["127.0.0.1:9092"], retentionHours: 24 });
  expect(topicSettings(topics.spending, config)).toMatchObject({
    "cleanup.policy": "compact,delete",
    "retention.ms": String(24 * hour),
  });
});

it.each([
  { topic: topics.spans, retentionHours: 168, hours: 168 },
  { topic: topics.deadLetters, retentionHours: 168, hours: 168 },
  { topic: topics.census, retentionHours: 168, hours: 24 },
  { topic: topics.census, retentionHours: 6, hours: 6 },
])("$topic keeps its records for $hours of $retentionHours hours", ({ topic, retentionHours, hours }) => {
  const config = kafkaBusConfig.parse({ kind: "kafka", brokers: ["127.0.0.1:9092"], retentionHours });
  expect(topicSettings(topic, config)).toMatchObject({
    "cleanup.policy": "delete",
    "retention.ms": String(hours * hour),
  });
});
