import { createRequire } from "node:module";

/** A transaction that was aborted, as a fetch response names it. Numbers of 64 bits are decimal text. */
interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** A record as the client decodes it. */
interface DecodedRecord {
  readonly offset: string;
  readonly key: Uint8Array | null;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  /** The client keeps control records from its reader, and goes on behind them. */
  isControlRecord: boolean;
}

/** What a fetch response holds of a partition. */
export interface DecodedPartition {
  readonly messages: readonly DecodedRecord[];
  abortedTransactions: readonly AbortedTransaction[];
}

interface FetchCodec {
  decode: (raw: unknown) => Promise<unknown>;
}

/** Versions of the fetch response that name aborted transactions. */
const versions = [4, 5, 6, 7, 8, 9, 10, 11] as const;

const mended = new WeakSet<FetchCodec>();

/**
 * Makes kafkajs keep the records of aborted transactions from its reader. Its own filter enters one aborted transaction for
 * each record that it passes, so that where several were under way at once it hands out records of the second, and later
 * keeps back committed ones; it also takes any key of four zero bytes for the end of a transaction. Ours decides before it,
 * and leaves it nothing to decide.
 */
export const hideAbortedRecords = (): void => {
  const require = createRequire(import.meta.url);
  for (const version of versions) {
    const codec: unknown = require(`kafkajs/src/protocol/requests/fetch/v${version}/response`);
    if (!isFetchCodec(codec)) {
      throw new TypeError(`kafkajs decodes fetch responses of version ${version} in a way that is not known`);
    }
    mend(codec);
  }
};

const mend = (codec: FetchCodec): void => {
  if (mended.has(codec)) return;
  mended.add(codec);
  const { decode } = codec;
  codec.decode = async (raw) => {
    const response = await decode(raw);
    for (const partition of partitionsOf(response)) markAborted(partition);
    return response;
  };
};

/**
 * Marks the records of aborted transactions as control records. A transaction that the response names begins at its first
 * offset and ends with the abort marker of its producer (Kafka, KIP-98).
 */
export const markAborted = (partition: DecodedPartition): void => {
  const ahead = partition.abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId, first: BigInt(firstOffset) }))
    .sort((a, b) => Number(a.first - b.first));
  partition.abortedTransactions = [];
  const aborted = new Set<string>();
  for (const record of ahead.length === 0 ? [] : partition.messages) {
    const { producerId, inTransaction } = record.batchContext;
    const offset = BigInt(record.offset);
    for (let next = ahead[0]; next !== undefined && next.first <= offset; next = ahead[0]) {
      aborted.add(next.producerId);
      ahead.shift();
    }
    if (record.isControlRecord) {
      if (isAbortMarker(record)) aborted.delete(producerId);
    } else if (inTransaction && aborted.has(producerId)) {
      record.isControlRecord = true;
    }
  }
};

/** The key of a control record is its version and its type, two bytes each; type 0 aborts. */
const isAbortMarker = ({ key }: DecodedRecord): boolean => key?.[2] === 0 && key[3] === 0;

const isFetchCodec = (value: unknown): value is FetchCodec =>
  typeof value === "object" && value !== null && "decode" in value && typeof value.decode === "function";

const partitionsOf = (response: unknown): readonly DecodedPartition[] => {
  if (!isFetchResponse(response)) {
    throw new TypeError("kafkajs decoded a fetch response to something that is not known");
  }
  return response.responses.flatMap(({ partitions }) => partitions);
};

const isFetchResponse = (
  value: unknown,
): value is { readonly responses: readonly { readonly partitions: readonly DecodedPartition[] }[] } =>
  typeof value === "object" && value !== null && "responses" in value && Array.isArray(value.responses);
