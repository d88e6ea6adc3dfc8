import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MockUpstream } from "../gateway/support/mock-upstream.ts";
import { answerJson, startUpstream } from "../gateway/support/mock-upstream.ts";
import { startTestGateway } from "../gateway/support/test-gateway.ts";
import { answered, both, embeddedIn, endpointAt } from "./embedded-records.ts";
import { answerVectors, askedBy } from "./embeddings-server.ts";
import { exactly, storedSums } from "./ledger.ts";
import { keptLog, setUpLine } from "./set-up-line.ts";

const { store, start, publish } = setUpLine();
let server: MockUpstream;

beforeEach(async () => {
  server = await startUpstream(answerVectors());
});

afterEach(() => server.close());

const embeddingOf = (settings: object = {}) => endpointAt(server.port, settings);
const embedded = () => embeddedIn(store().store);

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
