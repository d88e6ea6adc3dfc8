import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { needsKafka } from "../support/needs.ts";
import { aliveBrokers } from "./alive-brokers.ts";
import { startKafka } from "./kafka.ts";
import { administer, kafkaClient, publishTexts } from "./kafka-client.ts";
import { kafkaOfFile } from "./kafka-of-file.ts";
import type { TcpProxy } from "./tcp-proxy.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

const limitMs = 180_000;

describe("one broker behind a proxy", { timeout: limitMs }, () => {
  const proxies: TcpProxy[] = [];
  const running = kafkaOfFile({
    advertise: async (port) => {
      const proxy = await startTcpProxy(port);
      proxies.push(proxy);
      return proxy.port;
    },
  });

  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  });

  test("clients are sent to the proxy", async () => {
    const { brokers, bootstrap } = running();
    const cluster = await administer(kafkaClient(bootstrap), (admin) => admin.describeCluster());
    expect(cluster.brokers).toEqual([{ nodeId: 1, host: "127.0.0.1", port: proxies[0]?.port }]);
    expect(proxies[0]?.port).not.toBe(brokers[0]?.port);
  });

  test("it keeps what it acknowledged when it is killed and started again", async () => {
    const { brokers, bootstrap } = running();
    const [broker] = brokers;
    const client = kafkaClient(bootstrap);
    await administer(client, (admin) => admin.createTopics({ topics: [{ topic: "kept", numPartitions: 1 }] }));
    await publishTexts(client, "kept", ["a", "b", "c"]);
    const before = broker?.pid;
    await broker?.kill();
    expect(broker?.pid).toBeNull();
    await broker?.start();
    expect(broker?.pid).not.toBe(before);
    const offsets = await administer(client, (admin) => admin.fetchTopicOffsets("kept"));
    expect(offsets).toEqual([{ partition: 0, offset: "3", high: "3", low: "0" }]);
  });

  test("it answers nobody while it is frozen, and everybody when it goes on", async () => {
    const { brokers } = running();
    const [broker] = brokers;
    broker?.freeze();
    // The signal reaches its threads one after the other.
    await expect.poll(() => aliveBrokers(broker?.port ?? 0), { timeout: limitMs }).toEqual([]);
    broker?.thaw();
    await broker?.untilAlive([1]);
  });
});

describe("what it leaves behind", { timeout: limitMs }, () => {
  test("a broker dies with the process that started it", async (context) => {
    needsKafka(context);
    const dir = mkdtempSync(join(tmpdir(), "plumbline-kafka-"));
    const starter = fork(fileURLToPath(new URL("fixtures/start-kafka.ts", import.meta.url)), [dir]);
    try {
      const { pid } = z.object({ pid: z.int() }).parse((await once(starter, "message"))[0]);
      expect(isRunning(pid)).toBe(true);
      starter.kill("SIGKILL");
      await expect.poll(() => isRunning(pid), { timeout: limitMs }).toBe(false);
    } finally {
      starter.kill("SIGKILL");
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test("a start that fails says why, and leaves nothing", async (context) => {
    needsKafka(context);
    const dir = mkdtempSync(join(tmpdir(), "plumbline-kafka-"));
    const intruder = createServer();
    // It takes the port that the broker is about to listen on.
    const advertise = async (port: number): Promise<number> => {
      await once(intruder.listen(port, "127.0.0.1"), "listening");
      return port;
    };
    try {
      await expect(startKafka({ dir, advertise })).rejects.toThrow("Address already in use");
      expect(existsSync(dir)).toBe(false);
    } finally {
      intruder.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
