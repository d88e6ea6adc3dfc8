import { afterEach, expect, test } from "vitest";
import { embeddingMeasure } from "../../core/measures.ts";
import type { MockUpstream } from "../gateway/support/mock-upstream.ts";
import { startUpstream } from "../gateway/support/mock-upstream.ts";
import { answerVectors, serverDimensions } from "../processors/embeddings-server.ts";
import { runSql, until } from "./calls.ts";
import type { Ring } from "./ring.ts";
import { createRing } from "./ring.ts";
import { startCaller } from "./start-caller.ts";

let ring: Ring;
let server: MockUpstream;
afterEach(async () => {
  await ring.remove();
  await server.close();
});

const kills = Number(process.env["PLUMBLINE_KILLS"] ?? 2);

/** Whole calls, then answers with an embedding of our own and by the endpoint, in the table and in its rollup. */
const countsOf = async (): Promise<readonly number[]> => {
  const [own, theirs] = [`measure = '${embeddingMeasure}'`, "measure LIKE 'answer_embedding:emb-1~%'"];
  const of = (table: string): string =>
    [own, theirs].map((which) => `(SELECT sum(n) FROM ${table} WHERE ${which})`).join(", ");
  const calls = "(SELECT count() FROM calls WHERE outcome = 'ok')";
  const row = await runSql(ring, `SELECT ${calls}, ${of("embedding_sums")}, ${of("embeddings_1m")}`);
  return row.split("\t").map(Number);
};

test(`kill -9 of everything, ${kills} times at random moments, leaves each answer once in the sums of an endpoint's embeddings`, async () => {
  server = await startUpstream(answerVectors());
  const embedding = `{ baseUrl: "http://127.0.0.1:${server.port}/v1", model: emb-1, dimensions: ${serverDimensions}, timeoutMs: 30000 }`;
  ring = await createRing({ processors: `, embedding: ${embedding}` });
  await ring.start();
  const answered: string[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const caller = startCaller(ring, `round-${kill}`);
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 700));
    await ring.kill();
    answered.push(...(await caller.stop()));
    await ring.start();
  }
  expect(answered.length).toBeGreaterThan(kills * 10);
  // Whatever was counted twice would never be equal again.
  const counts = await until(
    countsOf,
    ([calls = 0, ...others]) => calls >= answered.length && others.every((count) => count === calls),
  );
  expect(new Set(counts).size).toBe(1);
}, 300_000);
