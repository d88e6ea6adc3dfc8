import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { genAi, plumbline } from "../../core/attributes.ts";
import { PlumblineError } from "../../core/errors.ts";
import { embeddingMeasure } from "../../core/measures.ts";
import { embedderConfig } from "../../processors/embedder-config.ts";
import type { Batch } from "../../store/store.ts";
import type { MockUpstream } from "../gateway/support/mock-upstream.ts";
import { answerJson, startUpstream } from "../gateway/support/mock-upstream.ts";
import { startTestGateway } from "../gateway/support/test-gateway.ts";
import { answerVectors, askedBy, serverDimensions } from "./embeddings-server.ts";
import { exactly, sentCall, spanOfCall, storedSums } from "./ledger.ts";
import { otlpBytes } from "./otlp-bytes.ts";
import { doorOf, keptLog, setUpLine } from "./set-up-line.ts";

const { store, start, publish } = setUpLine();
let server: MockUpstream;

beforeEach(async () => {
  server = await startUpstream(answerVectors());
});

afterEach(() => server.close());

const embeddingOf = (settings: object = {}) =>
  embedderConfig.parse({
    ...{ baseUrl: `http://127.0.0.1:${server.port}/v1`, model: "emb-1", dimensions: serverDimensions, ...settings },
  });

/** The record of a call of the ledger with an answer; calls of one remainder by 7 are of one minute. */
const answered = (number: number, policy = "redacted"): Uint8Array => {
  const span = spanOfCall(sentCall(number));
  const parts = [{ type: "text", content: `the answer to question ${number}` }];
  const attributes = {
    ...span.attributes,
    [plumbline.outcome]: "ok",
    [plumbline.contentPolicy]: policy,
    [genAi.outputMessages]: JSON.stringify([{ role: "assistant", parts }]),
  };
  return otlpBytes([{ ...span, attributes }]);
};

/** Answers with an embedding of our own and by the endpoint, in the table and in its rollup. */
const embedded = async () => {
  const of = async (table: string) => {
    const rows = await store().store.query(
      `SELECT measure = '${embeddingMeasure}' AS is_own, sum(n) AS answers, sum(squares) > 0 AS has_sums FROM ${table} GROUP BY is_own`,
    );
    const answersOf = (isOwn: number) => Number(rows.find((row) => Number(row["is_own"]) === isOwn)?.["answers"] ?? 0);
    return { own: answersOf(1), endpoint: answersOf(0) };
  };
  return { table: await of("embedding_sums"), rollup: await of("embeddings_1m") };
};

const both = (own: number, endpoint: number) => ({ table: { own, endpoint }, rollup: { own, endpoint } });
const endpointSums = ({ embeddings }: Batch) => embeddings.filter(({ measure }) => measure !== embeddingMeasure);

describe("the line with an embeddings endpoint", () => {
  test("has every answer's embedding of our gateway in the sums, beside that of our own", async () => {
    await using gateway = await startTestGateway({
      providers: { sim: { kind: "simulated", models: ["sim-emb"], ttftMedianMs: 0, tokensPerSecond: 1_000_000 } },
      config: { routes: { main: { models: ["sim-emb"], targets: [{ provider: "sim" }] } } },
    });
    for (const number of [1, 2, 3]) await publish(answered(number));
    const baseUrl = `http://127.0.0.1:${gateway.port}/v1`;
    const processors = start({ config: { embedding: embeddingOf({ baseUrl, model: "sim-emb", dimensions: 512 }) } });
    expect(await processors.drain(60_000)).toBe(true);
    expect(await embedded()).toEqual(both(3, 3));
    const minutes = await store().store.readEmbeddings({ fromMs: 0, toMs: Date.UTC(2027, 0, 1) });
    expect(minutes.filter(({ measure }) => measure.startsWith("answer_embedding:sim-emb~"))).toHaveLength(3);
    for (const { n, squaredNorms, sum } of minutes) {
      expect([n, sum.length]).toEqual([1, 256]);
      expect(squaredNorms).toBeCloseTo(1, 1);
    }
  });

  test("sends only what the content policy lets be stored", async () => {
    await publish(answered(1, "measures"));
    await publish(answered(2, "redacted"));
    await publish(answered(3, "full"));
    const processors = start({ config: { embedding: embeddingOf() } });
    expect(await processors.drain(60_000)).toBe(true);
    expect(server.requests.flatMap((request) => askedBy(request).input)).toEqual([
      "the answer to question 2",
      "the answer to question 3",
    ]);
    expect(await embedded()).toEqual(both(3, 2));
  });

  test("stores every row while the endpoint hangs, fails and answers with rubbish, and says so once", async () => {
    const { log, lines } = keptLog();
    const processors = start({ log, config: { lingerMs: 0, embedding: embeddingOf({ timeoutMs: 50 }) } });
    const scripts = [() => {}, answerJson({}, 500), answerJson({ data: "rubbish" })];
    const sent: number[] = [];
    for (const script of scripts) {
      server.script(script);
      sent.push(sent.length + 1);
      await publish(answered(sent.length));
      expect(await processors.drain(60_000)).toBe(true);
    }
    expect(await storedSums(store().store)).toEqual(exactly(sent));
    expect(await embedded()).toEqual(both(3, 0));
    expect(lines).toEqual(["warn: the embeddings endpoint fails; answers are stored without its embeddings"]);
  });

  test("asks nobody where none is configured", async () => {
    await publish(answered(1));
    const processors = start();
    expect(await processors.drain(60_000)).toBe(true);
    expect([await embedded(), server.requests.length]).toEqual([both(1, 0), 0]);
  });
});

describe("a range that is prepared again after a crash", () => {
  const lost = new PlumblineError("store.unavailable", "the process is about to die");

  test.each([
    { name: "before its insert", hold: "before" as const },
    { name: "behind its insert", hold: "after" as const },
  ])("$name has each answer in the sums once", async ({ hold }) => {
    for (const number of [1, 2, 8]) await publish(answered(number));
    const seen = Promise.withResolvers<Batch>();
    const dying = start({
      store: doorOf(store().store, {
        [hold]: (batch: Batch) => {
          seen.resolve(batch);
          throw lost;
        },
      }),
      config: { embedding: embeddingOf() },
    });
    const first = await seen.promise;
    await dying.stop();
    const processors = start({ config: { embedding: embeddingOf() } });
    expect(await processors.drain(60_000)).toBe(true);
    expect(endpointSums(first).map(({ n }) => n)).toEqual([2, 1]);
    expect(server.requests).toHaveLength(2);
    expect(await embedded()).toEqual(both(3, 3));
    expect(await storedSums(store().store)).toEqual(exactly([1, 2, 8]));
  });

  test("counts no answer twice where the endpoint embeds others than the first time", async () => {
    for (const number of [1, 2, 3]) await publish(answered(number));
    // Of the three series only the second has a vector the first time, and only the first and the second the next time.
    const only = (...kept: readonly number[]) =>
      answerVectors("emb-1", (all) =>
        all.map((entry, at) => (kept.includes(at) ? entry : { ...entry, embedding: null })),
      );
    server.script(only(1));
    const seen = Promise.withResolvers<void>();
    const dying = start({
      store: doorOf(store().store, {
        after: () => {
          seen.resolve();
          throw lost;
        },
      }),
      config: { embedding: embeddingOf() },
    });
    await seen.promise;
    await dying.stop();
    expect(await embedded()).toEqual(both(3, 1));
    server.script(only(0, 1));
    const processors = start({ config: { embedding: embeddingOf() } });
    expect(await processors.drain(60_000)).toBe(true);
    expect(await embedded()).toEqual(both(3, 2));
    const minutes = await store().store.query(
      `SELECT minute, sum(n) AS answers FROM embedding_sums WHERE measure != '${embeddingMeasure}' GROUP BY minute ORDER BY minute`,
    );
    expect(minutes.map(({ answers }) => Number(answers))).toEqual([1, 1]);
  });

  test("counts each answer once for every model where another one answers than the first time", async () => {
    for (const number of [1, 2, 3]) await publish(answered(number));
    const seen = Promise.withResolvers<void>();
    const dying = start({
      store: doorOf(store().store, {
        after: () => {
          seen.resolve();
          throw lost;
        },
      }),
      config: { embedding: embeddingOf() },
    });
    await seen.promise;
    await dying.stop();
    server.script(answerVectors("emb-2"));
    const processors = start({ config: { embedding: embeddingOf() } });
    expect(await processors.drain(60_000)).toBe(true);
    const models = await store().store.query(
      `SELECT extract(measure, 'emb-[0-9]') AS name, sum(n) AS answers FROM embeddings_1m GROUP BY name ORDER BY name`,
    );
    expect(models.map(({ name, answers }) => [name, Number(answers)])).toEqual([
      ["", 3],
      ["emb-1", 3],
      ["emb-2", 3],
    ]);
  });

  test("stops while an endpoint hangs, and is stored whole by the next owner", async () => {
    await publish(answered(1));
    server.script(() => {});
    const stuck = start({ config: { embedding: embeddingOf({ timeoutMs: 30_000 }) } });
    await server.nextRequest();
    await stuck.stop();
    server.script(answerVectors());
    const processors = start({ config: { embedding: embeddingOf() } });
    expect(await processors.drain(60_000)).toBe(true);
    expect(await embedded()).toEqual(both(1, 1));
    expect(await storedSums(store().store)).toEqual(exactly([1]));
  });
});
