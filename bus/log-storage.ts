/** Where an entry of the state is: fixed names, numbers, and texts that went through `keyPart`. */
export type StateKey = readonly (string | number)[];

/** An entry of the state. */
export interface StateEntry {
  readonly key: StateKey;
  readonly value: unknown;
}

/** Small JSON values by key: topics, positions, leases. Writes are allowed within a transaction only. */
export interface StateTable {
  /** The value, or undefined when there is none. */
  readonly get: (key: StateKey) => unknown;
  readonly put: (key: StateKey, value: unknown) => void;
  readonly remove: (key: StateKey) => void;
  /** Every entry whose key begins with `prefix` and is longer than it. */
  readonly list: (prefix: StateKey) => readonly StateEntry[];
}

/** Where a record is. */
export interface RecordPlace {
  readonly topicId: number;
  readonly partition: number;
  readonly offset: number;
}

/** A record's stored bytes; they are a copy that belongs to the reader. */
export interface StoredRecord {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The stored bytes of all records. Writes are allowed within a transaction only. */
export interface RecordTable {
  readonly get: (place: RecordPlace) => Uint8Array | undefined;
  readonly put: (place: RecordPlace, bytes: Uint8Array) => void;
  readonly remove: (place: RecordPlace) => void;
  /** Records of one partition in order, from a place until an offset; each is read when the iteration reaches it. */
  readonly range: (from: RecordPlace, untilOffset: number) => Iterable<StoredRecord>;
}

/** The two tables of the log, as one transaction or one snapshot sees them. */
export interface LogTables {
  readonly state: StateTable;
  readonly records: RecordTable;
}

/** An ordered, transactional store that many processes share. */
export interface LogStorage extends LogTables {
  /**
   * Runs `write` in a transaction of its own, while no other process writes. Resolves when all of it is durable; rejects
   * when none of it was stored.
   */
  readonly transact: (write: () => void) => Promise<void>;
  /** Makes the next reads see what any process has committed until now. */
  readonly refresh: () => void;
  /** Frees what readers of killed processes still hold on to. */
  readonly dropDeadReaders: () => void;
  readonly close: () => Promise<void>;
}
