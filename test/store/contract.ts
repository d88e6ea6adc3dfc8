import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { tables } from "../../store/catalogue.ts";
import { batchFrom, batchOf, callAt, mondayMs } from "./batches.ts";
import { describeArms } from "./contract-arms.ts";
import { describeCompleteness } from "./contract-completeness.ts";
import { describeEvents } from "./contract-events.ts";
import { describeEvidence } from "./contract-evidence.ts";
import { describeFeedback } from "./contract-feedback.ts";
import { describeGateways } from "./contract-gateways.ts";
import { describeQuestions } from "./contract-questions.ts";
import { describeRatedArms } from "./contract-rated-arms.ts";
import { describeRepeats } from "./contract-repeats.ts";
import { describeSources } from "./contract-sources.ts";
import { describeUnits } from "./contract-units.ts";
import type { OpenedStore } from "./open-engine.ts";

/** How the contract gets a store: in a database that does not exist yet, or does. */
export interface Subject {
  readonly name: string;
  readonly open: (database: string) => Promise<OpenedStore>;
  /** Removes what all tests together left behind. */
  readonly remove: () => Promise<void>;
}

/** Every table that holds what batches brought. */
const dataTables = tables.map((table) => table.name).filter((name) => name !== "schema_migrations");

let databases = 0;

/** A name for a database that no other test uses. */
const freshDatabase = (): string => {
  databases += 1;
  return `plumbline_test_${process.pid}_${databases}`;
};

/** What every store must do, wherever ClickHouse runs. */
export const storeContract = (subject: Subject): void => {
  describe(`a store on ${subject.name}`, () => {
    const database = freshDatabase();
    let opened: OpenedStore;

    beforeAll(async () => {
      opened = await subject.open(database);
      await opened.store.migrate();
    });

    afterEach(async () => {
      for (const table of dataTables) {
        await opened.command(`TRUNCATE TABLE ${table}`);
      }
    });

    afterAll(async () => {
      await opened.command(`DROP DATABASE ${database} SYNC`);
      await opened.close();
      await subject.remove();
    });

    it("keeps away from a schema that is newer than it knows", async () => {
      const other = freshDatabase();
      const newer = await subject.open(other);
      await newer.store.migrate();
      await newer.command("INSERT INTO schema_migrations (version, name) VALUES (9999, 'future')");
      await expect(newer.store.migrate()).rejects.toMatchObject({ code: "data.newer_version" });
      await newer.command(`DROP DATABASE ${other} SYNC`);
      await newer.close();
    });

    describeSchema(() => opened);
    describeRows(() => opened);
    describeRepeats(() => opened);
    describeSources(() => opened, subject.open);
    describeQuestions(() => opened);
    describeCompleteness(() => opened);
    describeGateways(() => opened);
    describeEvidence(() => opened);
    describeEvents(() => opened);
    describeArms(() => opened);
    describeFeedback(() => opened);
    describeRatedArms(() => opened);
    describeUnits(() => opened);
  });
};

const describeSchema = (opened: () => OpenedStore): void => {
  it.each(tables.map((table) => table.name))("has the columns of the catalogue in table %s", async (name) => {
    const described = await opened().store.query(`DESCRIBE TABLE ${name}`);
    const table = tables.find((candidate) => candidate.name === name);
    expect(described.map((row) => `${String(row["name"])} ${String(row["type"])}`)).toEqual(
      table?.columns.map((column) => `${column.name} ${column.type}`),
    );
  });

  it("changes nothing when it migrates again", async () => {
    const versions = "SELECT version, applied_at FROM schema_migrations ORDER BY version";
    const before = await opened().store.query(versions);
    await opened().store.migrate();
    expect(await opened().store.query(versions)).toEqual(before);
  });
};

const describeRows = (opened: () => OpenedStore): void => {
  it("keeps every digit, and null as null", async () => {
    const { store } = opened();
    const exact = callAt(0, { costNanos: 9_007_199_254_740_993n, wasteNanos: null, ttftMs: null });
    await store.append(batchOf([exact]), { delivery: "first" });
    const rows = await store.query(
      "SELECT toUnixTimestamp64Nano(started_at) AS ns, cost_nanos, waste_nanos, ttft_ms, duration_ms, input_tokens, finish_reasons, source_offset FROM calls",
    );
    expect(rows).toEqual([
      {
        ns: String(exact.startedAtNs),
        cost_nanos: "9007199254740993",
        waste_nanos: null,
        ttft_ms: null,
        duration_ms: 1000.25,
        input_tokens: "100",
        finish_reasons: ["stop"],
        source_offset: "0",
      },
    ]);
  });

  it("keeps a span's attributes, events and links, and finds its trace by time", async () => {
    const { store } = opened();
    const batch = batchFrom(0, 1);
    await store.append(batch, { delivery: "first" });
    const rows = await store.query(
      "SELECT SpanAttributes AS attributes, Events.Name AS events, length(Links.TraceId) AS links, toString(Duration) AS duration FROM otel_traces INNER JOIN otel_traces_trace_id_ts USING TraceId",
    );
    expect(rows).toEqual([
      { attributes: batch.spans[0]?.attributes, events: ["first"], links: "1", duration: "1000250000" },
    ]);
  });

  it.each([
    ["a start before 1970", { startedAtNs: -1n }],
    ["a start in the first second of 1970", { startedAtNs: 1n }],
    ["a start after every calendar", { startedAtNs: 2n ** 64n }],
    ["a status that is none", { httpStatus: -1 }],
    ["a fraction of a token", { usage: { ...callAt(0).usage, inputTokens: 1.5, outputTokens: -1 } }],
    ["a duration that is no number", { durationMs: Number.NaN, ttftMs: Number.POSITIVE_INFINITY }],
    ["a cost beyond 64 bits", { costNanos: 2n ** 70n }],
    ["half of a surrogate pair", { session: "a\ud800b", finishReasons: ["\udfff"] }],
    ["a NUL, quotes and newlines", { route: "\0'\"\\\n\t" }],
  ])("stores a call with %s", async (_, fields) => {
    const { store } = opened();
    await store.append(batchOf([callAt(0, fields)]), { delivery: "first" });
    expect(await store.query("SELECT count() AS n FROM calls")).toEqual([{ n: "1" }]);
  });

  it("stores a batch that spreads over more days than one insert may have partitions", async () => {
    const { store } = opened();
    const dayNs = 86_400_000_000_000n;
    const calls = Array.from({ length: 150 }, (_, day) =>
      callAt(day, { startedAtNs: BigInt(mondayMs) * 1_000_000n + BigInt(day) * dayNs }),
    );
    await store.append(batchOf(calls), { delivery: "first" });
    expect(await store.query("SELECT count() AS n FROM otel_traces")).toEqual([{ n: "150" }]);
  }, 60_000);

  it("refuses to write for a reader", async () => {
    const { store } = opened();
    await expect(store.query("CREATE TABLE t (a Int8) ENGINE = Memory")).rejects.toMatchObject({
      code: "store.rejected",
    });
    await expect(
      store.query("WITH 1 AS x INSERT INTO schema_migrations (version, name) SELECT 9, 'x'"),
    ).rejects.toMatchObject({ code: "store.rejected" });
  });

  it("tells a statement that is wrong from a store that is away", async () => {
    await expect(opened().store.query("SELECT nothing FROM nowhere WHERE")).rejects.toMatchObject({
      code: "store.rejected",
      isRetryable: false,
    });
  });
};
