import fc from "fast-check";
import { expect, it } from "vitest";
import type { Call } from "../../core/call.ts";
import type { Batch, Store } from "../../store/store.ts";
import { batchFrom, batchOf, callAt } from "./batches.ts";
import { ledgerOf, rowCounts, sumsOfCalls, sumsOfEmbeddings, sumsOfMeasures, sumsOfRollup } from "./ledger.ts";
import type { OpenedStore } from "./open-engine.ts";

const repeat = { delivery: "repeated" } as const;
const first = { delivery: "first" } as const;

/** What a crash between two steps of an append leaves behind, each as statements that make it so. */
const damages: readonly { readonly left: string; readonly statements: readonly string[] }[] = [
  { left: "everything", statements: [] },
  { left: "no rollup", statements: ["TRUNCATE TABLE calls_1m"] },
  { left: "a rollup without calls", statements: ["TRUNCATE TABLE calls"] },
  { left: "a rollup that counted twice", statements: ["INSERT INTO calls_1m SELECT * FROM calls_1m"] },
  { left: "embeddings without their rollup", statements: ["TRUNCATE TABLE embeddings_1m"] },
  {
    left: "a part of the embeddings, of which the rollup counted the rest twice",
    statements: [
      "ALTER TABLE embedding_sums DROP PARTITION '2026-01-05'",
      "INSERT INTO embeddings_1m SELECT * FROM embeddings_1m",
    ],
  },
  {
    left: "measures of which one rollup counted twice",
    statements: ["INSERT INTO measures_1m SELECT * FROM measures_1m"],
  },
  { left: "no attempts and no texts", statements: ["TRUNCATE TABLE attempts", "TRUNCATE TABLE contents"] },
  { left: "no spans", statements: ["TRUNCATE TABLE otel_traces", "TRUNCATE TABLE otel_traces_trace_id_ts"] },
  { left: "spans without their times", statements: ["TRUNCATE TABLE otel_traces_trace_id_ts"] },
  { left: "a part of the calls", statements: ["ALTER TABLE calls DROP PARTITION '2026-01-12'"] },
  {
    left: "nothing",
    statements: [
      "calls",
      "attempts",
      "contents",
      "otel_traces",
      "otel_traces_trace_id_ts",
      "calls_1m",
      "measures_1m",
      "embedding_sums",
      "embeddings_1m",
    ].map((table) => `TRUNCATE TABLE ${table}`),
  },
];

/** Of these it is also shown record by record. */
const isRedriven: ReadonlySet<string> = new Set(["no rollup", "a part of the calls", "nothing"]);

/** What repeats must do, whatever an earlier process left. */
export const describeRepeats = (opened: () => OpenedStore): void => {
  const expectEmbedded = async (batches: readonly Batch[]): Promise<void> => {
    const { sent, table, byMinute } = await sumsOfEmbeddings(opened().store, batches);
    expect(table).toEqual(sent);
    expect(byMinute).toEqual(sent);
  };

  const expectWhole = async (batch: Batch): Promise<void> => {
    const { store } = opened();
    const count = String(batch.calls.length);
    expect(await rowCounts(store)).toEqual({
      calls: count,
      attempts: count,
      contents: count,
      spans: count,
      traces: count,
    });
    expect(await sumsOfCalls(store)).toEqual(ledgerOf(batch.calls));
    expect(await sumsOfRollup(store)).toEqual(ledgerOf(batch.calls));
    await expectMeasures(store);
  };

  /** Calls of two weeks, so that the batch is two parts in each table. */
  const batch = batchOf([
    ...batchFrom(0, 5).calls,
    ...batchFrom(5, 3).calls.map((call) => ({ ...call, startedAtNs: call.startedAtNs + 7n * 86_400_000_000_000n })),
  ]);

  it.each(damages)("makes a batch whole of which a crash left $left", async ({ statements }) => {
    const { store, command } = opened();
    await store.append(batch, first);
    for (const statement of statements) {
      await command(statement);
    }
    for (let times = 0; times < 2; times += 1) {
      await store.append(batch, repeat);
      await expectWhole(batch);
      await expectEmbedded([batch]);
    }
  });

  it("drops a batch that comes again without being told so", async () => {
    await opened().store.append(batch, first);
    await opened().store.append(batch, first);
    await expectWhole(batch);
    await expectEmbedded([batch]);
  });

  it("fills a rollup that an insert did not come to by the same insert alone, which its table drops", async () => {
    const { store, command } = opened();
    await store.append(batch, first);
    await command("TRUNCATE TABLE calls_1m");
    await store.append(batch, first);
    await expectWhole(batch);
  });

  it("drops a late insert also where the repeat made up for a part of it only", async () => {
    const { store, command } = opened();
    await store.append(batch, first);
    await command("ALTER TABLE calls DROP PARTITION '2026-01-12'");
    await command("ALTER TABLE attempts DROP PARTITION '2026-01-05'");
    await store.append(batch, repeat);
    await store.append(batch, first);
    await expectWhole(batch);
  });

  it("drops the insert of a first writer that comes after the repeat of a second", async () => {
    await opened().store.append(batch, repeat);
    await expectWhole(batch);
    await opened().store.append(batch, first);
    await expectWhole(batch);
  });

  it.each(damages.filter(({ left }) => isRedriven.has(left)))(
    "makes a batch whole of which a crash left $left, when its records are sent again one by one",
    async ({ left, statements }) => {
      const { store, command } = opened();
      await store.append(batch, first);
      for (const statement of statements) {
        await command(statement);
      }
      for (const call of batch.calls) {
        await store.append(batchOf([call]), { delivery: "redriven" });
      }
      await expectWhole(batch);
      await store.append(batchOf(batch.calls.slice(0, 1)), { delivery: "redriven" });
      await expectWhole(batch);
      await expectEmbedded(left === "nothing" ? [] : [batch]);
    },
    60_000,
  );

  it("stores again what the engine has a token of and no rows", async () => {
    const { store, command } = opened();
    await store.append(batch, first);
    // The sweep of the empty part that the move leaves would take the token with it, at a moment of its own.
    await command("ALTER TABLE calls MODIFY SETTING remove_empty_parts = 0");
    await command("CREATE TABLE aside AS calls");
    // Moving a part away leaves its token in the engine's log, which dropping it does not.
    await command("ALTER TABLE calls MOVE PARTITION '2026-01-05' TO TABLE aside");
    await command("DROP TABLE aside SYNC");
    await store.append(batch, first);
    expect(await sumsOfCalls(store)).toMatchObject({ calls: "3" });
    await store.append(batch, repeat);
    await expectWhole(batch);
    // The insert that the token was of, should it still come.
    await store.append(batch, first);
    await expectWhole(batch);
  });

  it("corrects a rollup only by what differs", async () => {
    const { store } = opened();
    await store.append(batch, first);
    const parts =
      "SELECT max(max_block_number) AS n FROM system.parts WHERE table = 'calls_1m' AND database = currentDatabase()";
    const before = await store.query(parts);
    await store.append(batch, repeat);
    expect(await store.query(parts)).toEqual(before);
  });

  it("counts every call once after any sequence of appends, losses and repeats", async () => {
    const law = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      await playSteps(opened(), steps);
    });
    await fc.assert(
      law.afterEach(async () => {
        for (const table of ["calls", "attempts", "contents", "otel_traces", "calls_1m", "measures_1m"]) {
          await opened().command(`TRUNCATE TABLE ${table}`);
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);
};

/** Appends the batches one after the other, each with its loss and its repeats, and compares table and rollup with what was sent. */
const playSteps = async ({ store, command }: OpenedStore, steps: readonly Step[]): Promise<void> => {
  const sent: Batch[] = [];
  for (const { calls, repeats, loss } of steps) {
    const start = sent.at(-1)?.end ?? 0;
    const next = batchOf(calls.map((given, index) => callAt(start + index, given)));
    sent.push(next);
    await store.append(next, first);
    if (loss !== null) {
      await command(loss);
    }
    // What a loss takes of earlier batches comes back by their repeats, as after a crash of several consumers.
    for (const again of loss === null ? Array.from({ length: repeats }, () => next) : sent) {
      await store.append(again, repeat);
    }
  }
  const ledger = ledgerOf(sent.flatMap((each) => each.calls));
  expect(await sumsOfCalls(store)).toEqual(ledger);
  expect(await sumsOfRollup(store)).toEqual(ledger);
  await expectMeasures(store);
};

const expectMeasures = async (store: Store): Promise<void> => {
  const { calls, byMinute } = await sumsOfMeasures(store);
  expect(byMinute).toEqual(calls);
};

const fields = fc.record({
  tenant: fc.constantFrom("acme", "it's"),
  route: fc.constantFrom("chat", "search"),
  modelServed: fc.constantFrom("gpt-4o", null),
  costNanos: fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n })),
  ttftMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  measures: fc.dictionary(
    fc.constantFrom("answer_tokens@1", "refusal@1", "language@1=en"),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    {
      noNullPrototype: true,
    },
  ),
  outcome: fc.constantFrom("ok", "provider_error"),
} as const);

interface Step {
  readonly calls: readonly Partial<Call>[];
  readonly repeats: number;
  readonly loss: string | null;
}

const step: fc.Arbitrary<Step> = fc.record({
  calls: fc.array(fields, { minLength: 1, maxLength: 6 }),
  repeats: fc.nat({ max: 2 }),
  loss: fc.option(fc.constantFrom("TRUNCATE TABLE calls_1m", "TRUNCATE TABLE measures_1m", "TRUNCATE TABLE calls"), {
    freq: 2,
  }),
});
