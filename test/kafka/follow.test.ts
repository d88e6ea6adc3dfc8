import { expect, test } from "vitest";
import { message, textOf } from "../bus/contract-messages.ts";
import { kafkaOfFile } from "../servers/kafka-of-file.ts";
import { openKafkaUnderTest } from "./open-kafka.ts";

const kafka = kafkaOfFile();

test("a follower of a topic on Kafka goes on where it was when the broker was killed and started again", async () => {
  const { bus } = openKafkaUnderTest(kafka(), { partitions: 1 });
  try {
    const iterator = bus.follow("kept", { signal: new AbortController().signal })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => textOf((await iterator.next()).value?.value);
    await bus.publish(message("kept", "before"));
    expect(await next()).toBe("before");
    const coming = next();
    for (const broker of kafka().brokers) {
      await broker.kill();
      await broker.start();
    }
    await bus.publish(message("kept", "after"));
    expect(await coming).toBe("after");
  } finally {
    await bus.close();
  }
}, 120_000);
