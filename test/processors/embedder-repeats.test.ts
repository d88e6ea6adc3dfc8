import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PlumblineError } from "../../core/errors.ts";
import { embeddingMeasure } from "../../core/measures.ts";
import type { Batch } from "../../store/store.ts";
import type { MockUpstream } from "../gateway/support/mock-upstream.ts";
import { startUpstream } from "../gateway/support/mock-upstream.ts";
import { answered, both, embeddedIn, endpointAt } from "./embedded-records.ts";
import { answerVectors } from "./embeddings-server.ts";
import { exactly, storedSums } from "./ledger.ts";
import { doorOf, setUpLine } from "./set-up-line.ts";

const { store, start, publish } = setUpLine();
let server: MockUpstream;

beforeEach(async () => {
  server = await startUpstream(answerVectors());
});

afterEach(() => server.close());

const embeddingOf = (settings: object = {}) => endpointAt(server.port, settings);
const embedded = () => embeddedIn(store().store);

describe("a range that is prepared again after a crash", () => {
  const endpointSums = ({ embeddings }: Batch) => embeddings.filter(({ measure }) => measure !== embeddingMeasure);
  const lost = new PlumblineError("store.unavailable", "the process is about to die");

  /** Works what there is until its insert, dies there, and returns what it inserted. */
  const dyingAt = async (hold: "before" | "after"): Promise<Batch> => {
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
    const batch = await seen.promise;
    await dying.stop();
    return batch;
  };

  test.each([
    { name: "before its insert", hold: "before" as const },
    { name: "behind its insert", hold: "after" as const },
  ])("$name has each answer in the sums once", async ({ hold }) => {
    for (const number of [1, 2, 8]) await publish(answered(number));
    const first = await dyingAt(hold);
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
    await dyingAt("after");
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
    await dyingAt("after");
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
