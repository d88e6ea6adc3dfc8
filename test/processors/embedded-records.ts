import { genAi, plumbline } from "../../core/attributes.ts";
import { embeddingMeasure } from "../../core/measures.ts";
import type { EmbedderConfig } from "../../processors/embedder-config.ts";
import { embedderConfig } from "../../processors/embedder-config.ts";
import type { Store } from "../../store/store.ts";
import { serverDimensions } from "./embeddings-server.ts";
import { sentCall, spanOfCall } from "./ledger.ts";
import { otlpBytes } from "./otlp-bytes.ts";

/** Settings of an endpoint on a port of this machine. */
export const endpointAt = (port: number, settings: object = {}): EmbedderConfig =>
  embedderConfig.parse({
    ...{ baseUrl: `http://127.0.0.1:${port}/v1`, model: "emb-1", dimensions: serverDimensions, ...settings },
  });

/** The record of a call of the ledger with an answer; calls of one remainder by 7 are of one minute. */
export const answered = (number: number, policy = "redacted"): Uint8Array => {
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

/** Numbers of answers in the sums of embeddings. */
interface Counts {
  readonly own: number;
  readonly endpoint: number;
}

/** Answers with an embedding of our own and by the endpoint, in the table and in its rollup. */
export const embeddedIn = async (store: Store): Promise<{ readonly table: Counts; readonly rollup: Counts }> => {
  const of = async (table: string): Promise<Counts> => {
    const rows = await store.query(
      `SELECT measure = '${embeddingMeasure}' AS is_own, sum(n) AS answers FROM ${table} GROUP BY is_own`,
    );
    const answersOf = (isOwn: number) => Number(rows.find((row) => Number(row["is_own"]) === isOwn)?.["answers"] ?? 0);
    return { own: answersOf(1), endpoint: answersOf(0) };
  };
  return { table: await of("embedding_sums"), rollup: await of("embeddings_1m") };
};

/** The same numbers in both. */
export const both = (own: number, endpoint: number): Awaited<ReturnType<typeof embeddedIn>> => ({
  table: { own, endpoint },
  rollup: { own, endpoint },
});
