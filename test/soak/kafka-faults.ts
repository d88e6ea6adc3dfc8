import { kafkaBusConfig } from "../../bus/config.ts";
import { openKafkaBus } from "../../bus/kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { randomIds } from "../../core/ids.ts";
import { silentLog } from "../../core/log.ts";
import type { Fault } from "./form.ts";
import { atRandomMoments, pause } from "./form.ts";
import type { KafkaParts } from "./kafka-form.ts";
import { largeSometimes } from "./large-sometimes.ts";
import { publishPoison } from "./poison.ts";
import { redriveTwice } from "./redrive-twice.ts";
import type { Service } from "./service.ts";

/** What breaks between gateway, brokers, processors and store, in the order in which it is done. */
export const kafkaFaults = (parts: KafkaParts, kills: number): readonly Fault[] => [
  { name: "none", act: () => pause(1_000) },
  ...killFaults(parts, Math.ceil(kills / 3)),
  ...brokerFaults(parts),
  ...storeFaults(parts),
  ...recordFaults(parts),
];

const restarted = async (service: Service): Promise<void> => {
  await service.kill();
  await service.start();
};

const killFaults = ({ gateway, processors, owner }: KafkaParts, times: number): readonly Fault[] => {
  const killing = (name: string, pick: () => Service): Fault => ({
    name: `kill -9 of ${name}, ${times} times`,
    act: () => atRandomMoments(times, { upToMs: 1_000, act: () => restarted(pick()) }),
  });
  const either = (): Service => {
    const [first, second] = processors;
    if (first === undefined || second === undefined) {
      throw new Error("there are two processors");
    }
    return Math.random() < 0.5 ? first : second;
  };
  return [
    killing("the gateway", () => gateway),
    killing("a processor", either),
    killing("the store's owner", () => owner),
  ];
};

const brokerFaults = ({ kafka, brokerProxies }: KafkaParts): readonly Fault[] => [
  {
    name: "each broker is killed and started again",
    act: async () => {
      for (const broker of kafka.brokers) {
        await broker.kill();
        await pause(3_000);
        await broker.start();
      }
    },
  },
  {
    name: "each broker is stopped in order: its leaders move",
    act: async () => {
      for (const broker of kafka.brokers) {
        await broker.stop();
        await pause(2_000);
        await broker.start();
      }
    },
  },
  {
    name: "all brokers are down for 2 minutes",
    act: async () => {
      await Promise.all(kafka.brokers.map((broker) => broker.kill()));
      await pause(120_000);
      await Promise.all(kafka.brokers.map((broker) => broker.start()));
    },
  },
  {
    name: "a broker answers 500 ms late for 20 s",
    act: async () => {
      brokerProxies[0]?.delay("toClient", 500);
      await pause(20_000);
      await brokerProxies[0]?.restore();
    },
  },
  {
    name: "answers of the brokers are lost, 5 times",
    act: () =>
      atRandomMoments(5, {
        upToMs: 3_000,
        act: async () => {
          for (const proxy of brokerProxies) {
            proxy.lose("toClient", { bytes: 0 });
          }
          await pause(2_000);
          await Promise.all(brokerProxies.map((proxy) => proxy.restore()));
        },
      }),
  },
];

const storeFaults = ({ storeProxy, owner }: KafkaParts): readonly Fault[] => [
  {
    name: "the store refuses connections for 20 s",
    act: async () => {
      storeProxy.refuse();
      storeProxy.cut();
      await pause(20_000);
      await storeProxy.restore();
    },
  },
  {
    name: "the store does its work and its answers are lost, 5 times",
    act: () =>
      atRandomMoments(5, {
        upToMs: 3_000,
        act: async () => {
          storeProxy.lose("toClient", { bytes: 0 });
          await pause(4_000);
          await storeProxy.restore();
        },
      }),
  },
  {
    name: "the store stands still for 25 s and then answers",
    act: async () => {
      owner.freeze();
      await pause(25_000);
      owner.thaw();
    },
  },
];

const recordFaults = (parts: KafkaParts): readonly Fault[] => [
  {
    name: "a third processor comes and goes every few seconds, 6 times",
    act: () =>
      atRandomMoments(6, {
        upToMs: 2_000,
        act: async () => {
          await parts.guest.start();
          await pause(3_000);
          await parts.guest.stop();
        },
      }),
  },
  {
    name: "nobody processes for 20 s: a backlog",
    act: async () => {
      await Promise.all(parts.processors.map((each) => each.stop()));
      await pause(20_000);
      await Promise.all(parts.processors.map((each) => each.start()));
    },
  },
  { name: "random and cut bytes on the topic", act: () => poisonKafka(parts, 300) },
  { name: "all dead letters are sent again, twice", act: () => redriveTwice(parts.cliDir) },
  { name: "records of 0.9, 1.0 and 1.1 MB", textBytes: largeSometimes, act: () => pause(5_000) },
];

const poisonKafka = async ({ kafka }: KafkaParts, records: number): Promise<void> => {
  const bus = openKafkaBus({
    config: kafkaBusConfig.parse({ kind: "kafka", brokers: kafka.bootstrap }),
    clock: systemClock,
    ids: randomIds,
    log: silentLog,
  });
  try {
    await publishPoison(bus, records);
  } finally {
    await bus.close();
  }
};
