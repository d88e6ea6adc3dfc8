import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Broker } from "./broker.ts";
import type { BrokerPorts } from "./broker-settings.ts";
import { brokerProperties } from "./broker-settings.ts";
import { freePorts } from "./free-ports.ts";
import { kafkaClassPath } from "./kafka-jars.ts";
import type { KafkaVersion } from "./kafka-versions.ts";
import { kafkaVersions } from "./kafka-versions.ts";

const clusterId = "cGx1bWJsaW5lLXRlc3RzLQ";
const startLimitMs = 60_000;

/** Flags for a small JVM that is soon up; later flags of the caller replace them. */
const quickStart = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];

/** What Kafka a test wants; every option has a default. */
export interface KafkaOptions {
  readonly version?: KafkaVersion;
  /** How many brokers; each is a controller too. With 3, topics have 3 replicas of which 2 must be in step. */
  readonly brokers?: 1 | 3;
  /** Folder for data and logs, which is made, and removed by `stop`; absent means a new temporary one. */
  readonly dir?: string;
  /** Broker settings that replace the fixture's. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** More flags for the JVM, such as `-Xmx1g -XX:TieredStopAtLevel=4` for a measurement. */
  readonly javaFlags?: readonly string[];
  /** Maps the port on which a broker will listen to the port that clients are told, such as one of a proxy. */
  readonly advertise?: (port: number, id: number) => Promise<number>;
}

/** A Kafka that runs. */
export interface Kafka {
  /** Addresses for clients, as advertised: `127.0.0.1:port`. */
  readonly bootstrap: string[];
  /** The brokers; ids count from 1. */
  readonly brokers: readonly Broker[];
  /** Kills every broker and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Starts Apache Kafka in KRaft mode on free ports of loopback; resolves when every broker serves and sees the others. */
export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => {
  const { version = kafkaVersions.current, javaFlags = [], settings = {} } = options;
  const classPath = await kafkaClassPath(version);
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "plumbline-kafka-")));
  const ports = await choosePorts(options);
  const java = [...quickStart, ...javaFlags, "-cp", classPath];
  const brokers: Broker[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.kill()));
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await mkdir(dir, { recursive: true });
    for (const [id, { client }] of ports) {
      const properties = join(dir, `broker-${id}.properties`);
      await writeFile(properties, brokerProperties({ id, ports, logDir: join(dir, `data-${id}`), extra: settings }));
      const logFile = join(dir, `broker-${id}.log`);
      brokers.push(new Broker({ id, port: client, java: [...java, "kafka.Kafka", properties], logFile, startLimitMs }));
    }
    await Promise.all(brokers.map(({ id }) => format(java, join(dir, `broker-${id}.properties`))));
    await Promise.all(brokers.map((broker) => broker.start()));
    await Promise.all(brokers.map((broker) => broker.untilAlive([...ports.keys()])));
  } catch (error) {
    await stop();
    throw error;
  }
  return { bootstrap: [...ports.values()].map(({ advertised }) => `127.0.0.1:${advertised}`), brokers, stop };
};

const choosePorts = async ({ brokers = 1, advertise }: KafkaOptions): Promise<ReadonlyMap<number, BrokerPorts>> => {
  const free = await freePorts(brokers * 3);
  const ports = new Map<number, BrokerPorts>();
  for (let id = 1; id <= brokers; id += 1) {
    const [client = 0, internal = 0, controller = 0] = free.slice((id - 1) * 3);
    ports.set(id, { client, internal, controller, advertised: (await advertise?.(client, id)) ?? client });
  }
  return ports;
};

/** Prepares the data folder of a broker. */
const format = async (java: readonly string[], properties: string): Promise<void> => {
  await promisify(execFile)("java", [
    ...java,
    ...["kafka.tools.StorageTool", "format", "--cluster-id", clusterId, "--config", properties],
  ]);
};
