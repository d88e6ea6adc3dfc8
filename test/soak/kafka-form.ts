import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../servers/free-ports.ts";
import type { Kafka } from "../servers/kafka.ts";
import { startKafka } from "../servers/kafka.ts";
import type { TcpProxy } from "../servers/tcp-proxy.ts";
import { startTcpProxy } from "../servers/tcp-proxy.ts";
import type { Form } from "./form.ts";
import { sqlOver } from "./form.ts";
import { kafkaFaults } from "./kafka-faults.ts";
import { Service } from "./service.ts";

/** The processes of the distributed form, with a proxy before each server that can be made to fail. */
export interface KafkaParts {
  readonly kafka: Kafka;
  readonly brokerProxies: readonly TcpProxy[];
  readonly storeProxy: TcpProxy;
  readonly gateway: Service;
  readonly gatewayUrl: string;
  /** The process that owns the store and serves it over HTTP. */
  readonly owner: Service;
  readonly processors: readonly Service[];
  /** A third member of the group, that is not started at first. */
  readonly guest: Service;
  /** Folder from which the command line finds the bus. */
  readonly cliDir: string;
}

/** Three brokers, a store that is reached over HTTP, two processors and a gateway, each in a process of its own. */
export const kafkaForm = async (): Promise<Form> => {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-soak-"));
  const [gatewayPort = 0, sqlPort = 0, ...pages] = await freePorts(7);
  const brokerProxies: TcpProxy[] = [];
  const kafka = await startKafka({
    brokers: 3,
    advertise: async (port) => {
      const proxy = await startTcpProxy(port);
      brokerProxies.push(proxy);
      return proxy.port;
    },
  });
  const storeProxy = await startTcpProxy(sqlPort);
  const bus = `bus: { kind: kafka, brokers: [${kafka.bootstrap.map((each) => `"${each}"`).join(", ")}], partitions: 6, replicationFactor: 3 }`;
  const service = (name: string, args: { readonly roles: readonly string[]; readonly lines: readonly string[] }) => {
    const own = join(dir, name);
    mkdirSync(own);
    writeFileSync(join(own, "plumbline.yaml"), `${[bus, ...args.lines].join("\n")}\n`);
    return new Service(name, { dir: own, roles: args.roles });
  };
  const processor = (index: number): Service =>
    service(`processors-${index}`, {
      roles: ["processors"],
      lines: [
        `store: { kind: server, url: "http://127.0.0.1:${storeProxy.port}", username: writer, password: soak, requestSeconds: 10 }`,
        `console: { port: ${pages[index]} }`,
        "processors: { lingerMs: 200 }",
      ],
    });
  const parts: KafkaParts = {
    kafka,
    brokerProxies,
    storeProxy,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    gateway: service("gateway", { roles: ["gateway"], lines: [`gateway: { port: ${gatewayPort} }`] }),
    owner: service("owner", {
      roles: ["console"],
      lines: [
        `store: { kind: embedded, http: { port: ${sqlPort}, writer: { password: soak, from: loopback } } }`,
        `console: { port: ${pages[3]} }`,
      ],
    }),
    processors: [processor(0), processor(1)],
    guest: processor(2),
    cliDir: join(dir, "processors-0"),
  };
  return {
    name: "distributed",
    gatewayUrl: parts.gatewayUrl,
    start: () => startAll(parts),
    faults: (kills) => kafkaFaults(parts, kills),
    runSql: sqlOver(`http://127.0.0.1:${sqlPort}`),
    remove: async (isKept) => {
      await stopAll(parts);
      if (!isKept) {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
};

const startAll = async ({ owner, processors, gateway }: KafkaParts): Promise<void> => {
  await owner.start();
  await Promise.all(processors.map((each) => each.start()));
  await gateway.start();
};

const stopAll = async (parts: KafkaParts): Promise<void> => {
  for (const each of [parts.gateway, parts.guest, ...parts.processors, parts.owner]) {
    if (each.isRunning) {
      await each.kill();
    }
  }
  await parts.kafka.stop();
  await Promise.all([...parts.brokerProxies, parts.storeProxy].map((proxy) => proxy.stop()));
};
