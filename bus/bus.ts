/** What a publisher hands over. The bus copies nothing: `value` must not change until `publish` resolves. */
export interface BusMessage {
  readonly topic: string;
  /** Records with the same key keep their order; null lets the bus choose the partition. */
  readonly key: string | null;
  /** The partition to append to, whatever the key; absent lets the key decide. */
  readonly partition?: number;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Makes publishing again after a crash harmless: within a topic, a record whose sequence is not above the last one
   * of its producer is acknowledged and not appended. Sequences start at 1.
   */
  readonly producer?: { readonly id: string; readonly sequence: number };
  /**
   * True for what a consumer must write before it can go on, such as a dead letter: a full log keeps room back for it, else
   * the records that fill the log could never be done with; also for a verdict, which may be what mends it. Absent means false; a bus without a limit ignores it.
   */
  readonly mayUseReserve?: boolean;
}

/** A record as a consumer reads it. `value` belongs to the reader. */
export interface BusRecord {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** When it was appended, in milliseconds since the Unix epoch. */
  readonly appendedAtMs: number;
}

/** A record of a topic, with the partition that holds it. */
export interface BrowsedRecord extends BusRecord {
  readonly partition: number;
}

/** How far a group has come in a partition. */
export interface Committed {
  /** Offset of the next record to process; everything below it is done. */
  readonly offset: number;
  /** Free text of the consumer, stored with the offset in one transaction; empty when none was given. */
  readonly metadata: string;
}

/** How far a group has come in one partition of a topic, whoever works it. */
export interface GroupProgress {
  readonly partition: number;
  /** Offset of the next record to process; where the group would begin when it has committed nothing. */
  readonly committed: number;
  /** Offset that the next record of the partition will get. */
  readonly end: number;
}

/** What to read next from a partition. */
export interface ReadOptions {
  /** Offset of the first record wanted; it may go back. Records already removed by retention are skipped. */
  readonly from: number;
  /** Offset to stop before; absent means the end of the log. */
  readonly until?: number;
  readonly maxRecords: number;
  /** Reading stops after the record that reaches this many bytes; at least one record is returned. */
  readonly maxBytes: number;
  /** How long to wait for a first record before returning none. */
  readonly waitMs: number;
}

/** What a read found, and where the next one goes on. */
export interface BusRead {
  readonly records: readonly BusRecord[];
  /**
   * Offset to read from next. It is above the last record where a log has offsets without records: removed ones, or the
   * marks that end a transaction; a range that is read up to here is read whole.
   */
  readonly next: number;
}

/** One partition, lent to one consumer of a group at a time. */
export interface PartitionSession {
  readonly topic: string;
  readonly partition: number;
  /** What the group had committed when the partition was assigned. */
  readonly committed: Committed;
  /** Aborts when the partition is to be given back: finish the batch under way, then return. */
  readonly signal: AbortSignal;
  /** Reads records in order of offset; none means that none came within `waitMs` or that `signal` aborted. */
  readonly read: (options: ReadOptions) => Promise<BusRead>;
  /** Durably sets the group's position and metadata; rejects with `bus.fenced` when the partition has moved on. */
  readonly commit: (committed: Committed) => Promise<void>;
  /** Offset that the next record of this partition will get. */
  readonly endOffset: () => Promise<number>;
}

/** What to consume, and what to do with each partition that is assigned. */
export interface ConsumeOptions {
  readonly topic: string;
  readonly group: string;
  /**
   * Runs once for each assigned partition, until its signal aborts. A rejection gives the partition back, is reported to
   * `onError`, and the partition is assigned again.
   */
  readonly onPartition: (session: PartitionSession) => Promise<void>;
  readonly onError?: (error: unknown) => void;
}

/** How a topic is followed. */
export interface FollowOptions {
  /** Ends the iteration. */
  readonly signal: AbortSignal;
  /** Hears of failures that are being tried again. */
  readonly onError?: (error: unknown) => void;
}

/** A running consumer. */
export interface Subscription {
  /** Aborts the sessions, waits for their work to end, and gives the partitions back. */
  readonly stop: () => Promise<void>;
}

/** The bus port: a durable, partitioned log with consumer groups. Delivery is at least once. */
export interface Bus {
  /**
   * Resolves when the record is durable. Rejects with `bus.full` when the log is at its limit, with `bus.too_large` when the
   * record is above the bus's own, and with `bus.unknown_partition` when it names one that the topic does not have.
   */
  readonly publish: (message: BusMessage) => Promise<void>;
  /** The last sequence of a producer that is durable in a topic; 0 when there is none. */
  readonly lastSequence: (topic: string, producerId: string) => Promise<number>;
  readonly consume: (options: ConsumeOptions) => Subscription;
  /** How far a group is in every partition of a topic, in order; empty for a topic that was never used. */
  readonly progress: (topic: string, group: string) => Promise<readonly GroupProgress[]>;
  /**
   * What a topic holds when the iteration begins: partition by partition, each in order of offset. It reads without a group,
   * so that nothing is committed and retention waits for nobody; a topic that was never used is empty, and stays unmade.
   */
  readonly browse: (topic: string) => AsyncIterable<BrowsedRecord>;
  /**
   * What a topic holds, then what is appended, until the signal aborts; each partition in order of offset. As `browse` it has
   * no group. It rides out brokers that restart; rejects with `bus.closed`, or with `bus.unavailable` when it is to be begun
   * anew. A record comes again only where a log lost its end and was written anew.
   */
  readonly follow: (topic: string, options: FollowOptions) => AsyncIterable<BrowsedRecord>;
  /** Stops every subscription, waits for what is under way, and lets go of files and sockets. */
  readonly close: () => Promise<void>;
}
