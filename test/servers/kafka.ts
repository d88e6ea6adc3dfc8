import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { Broker } from "./broker.ts";
import type { BrokerPorts } from "./broker-settings.ts";
import { brokerProperties } from "./broker-settings.ts";
import { freePorts } from "./free-ports.ts";
import { kafkaArchive, kafkaClassPath } from "./kafka-jars.ts";
import type { KafkaVersion } from "./kafka-versions.ts";
import { kafkaVersions } from "./kafka-versions.ts";
import { quorumLeader } from "./quorum-leader.ts";

const clusterId = "cGx1bWJsaW5lLXRlc3RzLQ";
const startLimitMs = 120_000;

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
  /** The broker that leads the controllers at present; null while they have no leader. */
  readonly controller: () => Promise<Broker | null>;
  /** Kills every broker and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Starts Apache Kafka in KRaft mode on free ports of loopback; resolves when every broker serves and sees the others. */
export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => {
  const java = await javaCommand(options.version ?? kafkaVersions.current);
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), "plumbline-kafka-")));
  const brokers: Broker[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.kill()));
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const ports = await choosePorts(options);
    await mkdir(dir, { recursive: true });
    const prepared = [...ports.keys()].map(async (id) => {
      const properties = join(dir, `broker-${id}.properties`);
      const logDir = join(dir, `data-${id}`);
      await writeFile(properties, brokerProperties({ id, ports, logDir, extra: options.settings ?? {} }));
      await format([...java, "kafka.tools.StorageTool", "format", "--cluster-id", clusterId, "--config", properties]);
      const command = [...java, ...(options.javaFlags ?? []), "kafka.Kafka", properties];
      const port = ports.get(id)?.client ?? 0;
      return new Broker({ id, port, java: command, logFile: join(dir, `broker-${id}.log`), startLimitMs });
    });
    brokers.push(...(await Promise.all(prepared)));
    await Promise.all(brokers.map((broker) => broker.start()));
    await Promise.all(brokers.map((broker) => broker.untilAlive([...ports.keys()])));
    const bootstrap = [...ports.values()].map(({ advertised }) => `127.0.0.1:${advertised}`);
    const controller = async (): Promise<Broker | null> => {
      const leader = await leaderOf(ports);
      return brokers.find(({ id }) => id === leader) ?? null;
    };
    return { bootstrap, brokers, controller, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The flags and the class path of a release; flags that are to replace these come after them. */
const javaCommand = async (version: KafkaVersion): Promise<readonly string[]> => {
  const classPath = await kafkaClassPath(version);
  const archive = kafkaArchive(version);
  const sharing = existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : [];
  return [...quickStart, ...sharing, "-cp", classPath];
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
const format = async (command: readonly string[]): Promise<void> => {
  try {
    await promisify(execFile)("java", command);
  } catch (error) {
    // The message of a failed command is the command, a page of class path, and then what it said.
    const said = messageOf(error).split("\n").slice(1).join("\n");
    throw new Error(`Kafka could not prepare a data folder:\n${said}`, { cause: error });
  }
};

/** Asks all at once, since one that is frozen does not answer. */
const leaderOf = async (ports: ReadonlyMap<number, BrokerPorts>): Promise<number | null> => {
  const answers = [...ports.values()].map(async ({ controller }) => {
    const leader = await quorumLeader(controller);
    if (leader === null) throw new Error("this one does not lead");
    return leader;
  });
  return Promise.any(answers).catch(() => null);
};
