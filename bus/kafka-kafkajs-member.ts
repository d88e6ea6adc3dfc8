import type { Kafka, PartitionAssigner } from "kafkajs";
import kafkajs from "kafkajs";
import { z } from "zod";
import type { KafkaBusConfig } from "./config.ts";
import type { Claim, CommitOutcome, IncomingRecord, JoinArgs, KafkaMember } from "./kafka-driver.ts";
import { busErrorOf, protocolTypeOf } from "./kafka-errors.ts";

type Consumer = ReturnType<Kafka["consumer"]>;
type EachBatch = NonNullable<NonNullable<Parameters<Consumer["run"]>[0]>["eachBatch"]>;
type Message = Parameters<EachBatch>[0]["batch"]["messages"][number];

/** Joins a consumer group through kafkajs; it fetches until it is paused, stopped, or fails. */
export const joinGroup = async (kafka: Kafka, config: KafkaBusConfig, args: JoinArgs): Promise<KafkaMember> => {
  const { group, topic } = args;
  const consumer = kafka.consumer({
    groupId: group,
    partitionAssigners: [cooperativeAssigner(args)],
    sessionTimeout: config.sessionTimeoutMs,
    rebalanceTimeout: config.sessionTimeoutMs * 2,
    heartbeatInterval: config.heartbeatMs,
    // How long a fetch waits for a first record, and so a stop for the fetch.
    maxWaitTimeInMs: Math.min(200, config.heartbeatMs),
    maxBytesPerPartition: config.maxRecordBytes * 2,
    maxBytes: config.fetchBytes,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
  });
  const state = watch(consumer, args);
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: true,
    partitionsConsumedConcurrently: 1_024,
    eachBatch: async (payload) => {
      const { batch } = payload;
      if (payload.isStale()) return;
      args.onFetched({
        partition: batch.partition,
        fetchedFrom: fetchedOffset.safeParse(batch).data?.fetchedOffset ?? null,
        records: batch.messages.map(recordOf),
        next: Number(batch.lastOffset()) + 1,
      });
    },
  });
  return memberOf(consumer, state, topic);
};

/** What the instrumentation of a consumer tells that its methods do not. */
interface Watched {
  isRejoining: boolean;
  hasEnded: boolean;
  /** Commits that reached the broker: the client says nothing when it did not even try. */
  readonly commits: Set<string>;
}

const fetchedOffset = z.object({ fetchedOffset: z.coerce.number().int() });
const committedTopics = z.object({
  topics: z.array(
    z.object({
      partitions: z.array(
        z.object({ partition: z.int(), offset: z.unknown().transform(String), metadata: z.string().nullable() }),
      ),
    }),
  ),
});

const watch = (consumer: Consumer, args: JoinArgs): Watched => {
  const watched: Watched = { isRejoining: false, hasEnded: false, commits: new Set() };
  consumer.on("consumer.group_join", ({ payload }) => {
    args.onJoined({ memberId: payload.memberId, partitions: payload.memberAssignment[args.topic] ?? [] });
  });
  consumer.on("consumer.heartbeat", () => {
    if (watched.isRejoining) {
      watched.isRejoining = false;
      // The client has no call for it, but takes a heartbeat that ends like this for the broker's word to join again.
      throw Object.assign(new Error("what this member owns has changed"), { type: "REBALANCE_IN_PROGRESS" });
    }
  });
  consumer.on("consumer.end_batch_process", ({ payload }) => {
    if (payload.batchSize === 0) {
      // Such a batch holds only the marks of transactions and what was rolled back; the handler is not called for it.
      const fetchedFrom = payload.firstOffset === null ? null : Number(payload.firstOffset);
      args.onFetched({ partition: payload.partition, fetchedFrom, records: [], next: Number(payload.lastOffset) + 1 });
    }
  });
  consumer.on("consumer.commit_offsets", ({ payload }) => {
    for (const { partition, offset, metadata } of committedTopics
      .parse(payload)
      .topics.flatMap((each) => each.partitions)) {
      watched.commits.add(commitKey(partition, { offset: Number(offset), metadata: metadata ?? "" }));
    }
  });
  consumer.on("consumer.crash", ({ payload }) => {
    watched.hasEnded = true;
    args.onFailed(busErrorOf(payload.error));
  });
  return watched;
};

const memberOf = (consumer: Consumer, watched: Watched, topic: string): KafkaMember => {
  // Without a running consumer these calls throw; whoever makes them then is told by `onFailed`.
  const whileRunning = (act: () => void): void => {
    if (!watched.hasEnded) act();
  };
  return {
    pause: (partition) => whileRunning(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume: (partition) => whileRunning(() => consumer.resume([{ topic, partitions: [partition] }])),
    seek: (partition, offset) => whileRunning(() => consumer.seek({ topic, partition, offset: String(offset) })),
    rejoin: () => {
      watched.isRejoining = true;
    },
    commit: async (partition, committed) => {
      const key = commitKey(partition, committed);
      watched.commits.delete(key);
      try {
        const { offset, metadata } = committed;
        await consumer.commitOffsets([{ topic, partition, offset: String(offset), metadata }]);
      } catch (error) {
        return outcomeOf(error, watched);
      }
      return watched.commits.delete(key) ? "committed" : "fenced";
    },
    stop: async () => {
      watched.hasEnded = true;
      await consumer.disconnect();
    },
  };
};

const commitKey = (
  partition: number,
  { offset, metadata }: { readonly offset: number; readonly metadata: string },
): string => `${partition}:${offset}:${metadata}`;

const outcomeOf = (error: unknown, watched: Watched): CommitOutcome => {
  const type = protocolTypeOf(error);
  if (watched.hasEnded || type === "UNKNOWN_MEMBER_ID" || type === "FENCED_INSTANCE_ID") return "fenced";
  // An older generation is what a commit has that meets the end of a rebalance: whether it may be repeated, the join tells.
  if (type === "REBALANCE_IN_PROGRESS" || type === "ILLEGAL_GENERATION") return "rebalancing";
  throw busErrorOf(error);
};

const recordOf = ({ offset, key, value, headers, timestamp }: Message): IncomingRecord => ({
  offset: Number(offset),
  key: key?.toString("utf8") ?? null,
  value: value ?? new Uint8Array(0),
  headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, headerText(text)])),
  appendedAtMs: Number(timestamp),
});

/** Of a header that is there more than once the last one counts. */
const headerText = (value: Buffer | string | readonly (Buffer | string)[] | undefined): string => {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === "string" ? last : (last?.toString("utf8") ?? "");
};

const claimSchema = z.object({ memberId: z.string(), owned: z.array(z.int().min(0)) });

/**
 * Carries what each member owns in its subscription, so that whoever leads the group can leave it with its owner. The id
 * under which it was acquired goes with it: a member that was put out of the group comes back under another, with nothing.
 */
const cooperativeAssigner =
  ({ topic, claim, assign }: JoinArgs): PartitionAssigner =>
  ({ cluster }) => ({
    name: "plumbline-cooperative",
    version: 1,
    protocol: ({ topics }) => ({
      name: "plumbline-cooperative",
      metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({
        version: 1,
        topics,
        userData: Buffer.from(JSON.stringify(claim())),
      }),
    }),
    assign: async ({ members }) => {
      const partitions = cluster.findTopicPartitionMetadata(topic).length;
      const claims = members.map(({ memberId, memberMetadata }) => claimOf(memberId, memberMetadata));
      const shares = assign(partitions, claims);
      return members.map(({ memberId }) => ({
        memberId,
        memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
          version: 1,
          assignment: { [topic]: [...(shares.get(memberId) ?? [])] },
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });

const claimOf = (memberId: string, metadata: Buffer): Claim => {
  const nothing = { memberId, owned: [] };
  const userData = kafkajs.AssignerProtocol.MemberMetadata.decode(metadata)?.userData;
  if (userData === undefined || userData.length === 0) return nothing;
  const claim = claimSchema.parse(JSON.parse(userData.toString("utf8")));
  return claim.memberId === memberId ? claim : nothing;
};
