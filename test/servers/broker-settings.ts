/** Where one broker listens, on loopback. */
export interface BrokerPorts {
  /** For clients. */
  readonly client: number;
  /** The port that clients are told to come to; a proxy may listen there. */
  readonly advertised: number;
  /** For other brokers, which never go through a proxy. */
  readonly internal: number;
  readonly controller: number;
}

/** What the settings of one broker follow from. */
export interface BrokerSettings {
  readonly id: number;
  /** Ports of every broker by its id. */
  readonly ports: ReadonlyMap<number, BrokerPorts>;
  readonly logDir: string;
  /** Settings of the test's own; they replace those here. */
  readonly extra: Readonly<Record<string, string | number>>;
}

/** The properties file of a broker that is a controller too, as small and as quick to notice a death as is safe. */
export const brokerProperties = ({ id, ports, logDir, extra }: BrokerSettings): string => {
  const own = ports.get(id);
  if (own === undefined) throw new Error(`Broker ${id} has no ports.`);
  const replicas = Math.min(3, ports.size);
  const inSync = Math.max(1, replicas - 1);
  const settings = {
    "node.id": id,
    "process.roles": "broker,controller",
    "controller.quorum.voters": [...ports].map(([voter, at]) => `${voter}@127.0.0.1:${at.controller}`).join(","),
    listeners: `CLIENT://127.0.0.1:${own.client},INTERNAL://127.0.0.1:${own.internal},CONTROLLER://127.0.0.1:${own.controller}`,
    "advertised.listeners": `CLIENT://127.0.0.1:${own.advertised},INTERNAL://127.0.0.1:${own.internal}`,
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "INTERNAL",
    "controller.listener.names": "CONTROLLER",
    "log.dirs": logDir,
    "auto.create.topics.enable": false,
    "default.replication.factor": replicas,
    "min.insync.replicas": inSync,
    "offsets.topic.num.partitions": 3,
    "offsets.topic.replication.factor": replicas,
    "transaction.state.log.num.partitions": 3,
    "transaction.state.log.replication.factor": replicas,
    "transaction.state.log.min.isr": inSync,
    "transaction.max.timeout.ms": 60_000,
    "share.coordinator.state.topic.replication.factor": replicas,
    "share.coordinator.state.topic.min.isr": inSync,
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1000,
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 4000,
    "controller.socket.timeout.ms": 5000,
    // The default of 128 MiB is touched at the start, and most of a small heap.
    "log.cleaner.dedupe.buffer.size": 8 << 20,
    ...extra,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
};
