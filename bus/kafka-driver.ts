import type { Committed } from "./bus.ts";

/** A record on its way to a partition that was chosen for it. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as a client library hands it out. */
export interface IncomingRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly appendedAtMs: number;
}

/** The offsets that a partition holds: from `low`, up to but not including `high`. */
export interface PartitionOffsets {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** A topic as the brokers have it. */
export interface KafkaTopic {
  readonly partitions: number;
  /** Bytes that a record batch may have there. */
  readonly maxBatchBytes: number;
}

/** Appends records, idempotently while it lives. */
export interface KafkaProducer {
  /** Resolves when every record is acknowledged by all replicas in sync. After a rejection the producer is of no more use. */
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Appends records together with the sequence they reach; opening one fences every earlier one of the same id. */
export interface KafkaTransactions {
  /**
   * Appends all records and sets `sequence` as the offset that the group has in partition 0 of the topic, or does neither.
   * After a rejection either may be true, and this object is of no more use.
   */
  readonly transact: (work: {
    readonly records: readonly OutgoingRecord[];
    readonly group: string;
    readonly topic: string;
    readonly sequence: number;
  }) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What became of a commit: refused because the group is being rebalanced, or because the member is not of the group. */
export type CommitOutcome = "committed" | "rebalancing" | "fenced";

/** A member of a consumer group. Every method but `commit` and `stop` takes effect at the next fetch or heartbeat. */
export interface KafkaMember {
  readonly pause: (partition: number) => void;
  readonly resume: (partition: number) => void;
  readonly seek: (partition: number, offset: number) => void;
  readonly commit: (partition: number, committed: Committed) => Promise<CommitOutcome>;
  /** Asks for a new distribution, because what this member owns has changed. */
  readonly rejoin: () => void;
  readonly stop: () => Promise<void>;
}

/** A member with the partitions that it claims to own. */
export interface Claim {
  readonly memberId: string;
  readonly owned: readonly number[];
}

/** Records of a partition that were fetched from `fetchedFrom` on; it goes on at `next`. */
export interface Fetched {
  readonly partition: number;
  /** Offset that was asked for; null when the library does not tell. */
  readonly fetchedFrom: number | null;
  readonly records: readonly IncomingRecord[];
  readonly next: number;
}

/** How a member joins a group, and what it wants to hear. The callbacks must not throw. */
export interface JoinArgs {
  readonly group: string;
  readonly topic: string;
  /** The partitions that are worked on now and the id under which they were assigned, asked at every join. */
  readonly claim: () => Claim;
  /** Distributes partitions among claims; the member that leads the group runs it. */
  readonly assign: (partitions: number, claims: readonly Claim[]) => ReadonlyMap<string, readonly number[]>;
  readonly onJoined: (joined: { readonly memberId: string; readonly partitions: readonly number[] }) => void;
  readonly onFetched: (fetched: Fetched) => void;
  /** The membership has ended by itself. */
  readonly onFailed: (error: unknown) => void;
}

/** What the bus needs of a Kafka client library. Rejections are `PlumblineError`s. */
export interface KafkaDriver {
  readonly hasTopic: (topic: string) => Promise<boolean>;
  /** Creates the topic when it is missing. */
  readonly ensureTopic: (topic: string) => Promise<KafkaTopic>;
  readonly openProducer: () => Promise<KafkaProducer>;
  readonly openTransactions: (transactionalId: string) => Promise<KafkaTransactions>;
  /** What a group has committed, by partition. */
  readonly committed: (at: {
    readonly group: string;
    readonly topic: string;
  }) => Promise<ReadonlyMap<number, Committed>>;
  readonly offsets: (topic: string) => Promise<readonly PartitionOffsets[]>;
  readonly join: (args: JoinArgs) => Promise<KafkaMember>;
  /** Forgets a group that has no members. */
  readonly forgetGroup: (group: string) => Promise<void>;
  readonly close: () => Promise<void>;
}
