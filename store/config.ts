import { z } from "zod";
import { secret } from "../config/secret.ts";
import { trustConfig } from "./trust-config.ts";

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "a name has only letters, digits and _");

const database = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "a database name has only letters, digits and _")
  .default("plumbline")
  .describe("Database that holds all tables.");

const days = (count: number, what: string) =>
  z.int().min(0).max(3_650).default(count).describe(`Days that ${what} are kept; 0 keeps them for ever.`);

const retentionDays = z
  .strictObject({
    calls: days(400, "calls and attempts"),
    contents: days(30, "texts of calls"),
    rollups: days(400, "rollups, measures by hour and counts of finished calls"),
    measures: days(14, "measures and embeddings by minute"),
    embeddings: days(2, "sums of embeddings by batch, which those by minute are made of"),
    feedback: days(400, "outcomes and scores of calls"),
    reports: days(
      30,
      "reports of gateways on themselves, states of the tests for drift, and users and sessions that canaries counted",
    ),
    audit: days(400, "alerts, verdicts, canaries, and who was told of them"),
    traces: days(30, "trace spans"),
  })
  .prefault({})
  .describe("How long rows are kept; whole partitions are dropped, at most a week late.");

const http = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Whether the embedded store answers read-only SQL over HTTP."),
    host: z.string().min(1).default("127.0.0.1").describe("Address to listen on."),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(8123)
      .describe("Port to listen on, ClickHouse's own; 0 takes any free one."),
    user: z
      .string()
      .min(1)
      .default("reader")
      .describe("The read-only user; `default` is accepted as another name of it."),
    password: secret().optional().describe("Password of the read-only user; absent means none is asked for."),
    maxExecutionSeconds: z.int().min(1).max(3_600).default(30).describe("Seconds after which a statement is ended."),
    maxResultBytes: z
      .int()
      .min(1_048_576)
      .max(4_294_967_296)
      .default(268_435_456)
      .describe("Bytes of the largest answer; a larger one is an error."),
    writer: z
      .strictObject({
        user: z.string().min(1).default("writer").describe("User that may insert, create and alter tables."),
        password: secret().describe("Password of that user."),
        from: z
          .enum(["loopback", "network"])
          .describe("Where writers may connect from: this machine only, or any address that reaches `host`."),
        maxInsertBytes: z
          .int()
          .min(1_048_576)
          .max(4_294_967_296)
          .default(268_435_456)
          .describe("Bytes of the rows of one insert; more are refused."),
      })
      .optional()
      .describe("Lets processors of other processes write to this store; absent, as by default, lets nobody."),
  })
  .refine(({ writer, user }) => writer === undefined || (writer.user !== user && writer.user !== "default"), {
    message: "the writer needs a name of its own: `default` and the name of the read-only user are taken",
    path: ["writer", "user"],
  })
  .prefault({});

/** Settings of ClickHouse in this process; what is taken when `kind` is absent. */
export const embeddedStoreConfig = z.strictObject({
  kind: z.literal("embedded").default("embedded").describe("ClickHouse in this process."),
  database,
  retentionDays,
  trust: trustConfig,
  http: http.describe("ClickHouse's HTTP protocol on loopback, for Grafana, curl and any ClickHouse client."),
});

const cluster = z.strictObject({
  name: name.describe("Name of the cluster in the servers' own configuration."),
  shards: z
    .array(z.array(z.url()).min(1))
    .min(1)
    .describe(
      "Addresses of the replicas of each shard. The place of a shard in the list decides which partitions it holds: change it only while no processor has an insert under way.",
    ),
  quorum: z
    .enum(["majority", "one"])
    .default("majority")
    .describe(
      "Replicas that must have the rows before an insert counts as made. With `one`, the loss of a server's disk loses rows that were acknowledged.",
    ),
});

const server = z.strictObject({
  kind: z.literal("server").describe("A ClickHouse server or cluster."),
  database,
  retentionDays,
  trust: trustConfig,
  url: z.url().describe("Address of ClickHouse's HTTP interface; with a cluster that of any server, for questions."),
  username: z.string().min(1).default("default").describe("User."),
  password: secret().optional().describe("Password of the user."),
  requestSeconds: z
    .number()
    .min(0.1)
    .max(3_600)
    .default(30)
    .describe("Seconds that a statement may take to be answered; after them it counts as failed and is tried again."),
  cluster: cluster.optional().describe("Shards and replicas; absent means that one server holds everything."),
});

/** Settings of the store: ClickHouse in this process, or a server. */
export const storeConfig = z.discriminatedUnion("kind", [embeddedStoreConfig, server]).prefault({});

/** Settings of the store. */
export type StoreConfig = z.infer<typeof storeConfig>;

/** Settings of the embedded store. */
export type EmbeddedStoreConfig = z.infer<typeof embeddedStoreConfig>;

/** Settings of a ClickHouse server. */
export type ServerStoreConfig = z.infer<typeof server>;
