import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { embeddingDimensions } from "../../core/measures.ts";
import { embedderConfig } from "../../processors/embedder-config.ts";
import { answerJson } from "../gateway/support/mock-upstream.ts";
import { secret, serverSums, setUpEmbedder, texts } from "./embedder-under-test.ts";
import type { Entry } from "./embeddings-server.ts";
import { answerVectors, askedBy, serverDimensions } from "./embeddings-server.ts";

const { server, folder, embedderWith } = setUpEmbedder();

describe("an embeddings endpoint", () => {
  test("is asked for all texts in batches with model, length and key, and its vectors are added up by series", async () => {
    const { embed, config, results, lines, sums } = embedderWith({ batchAnswers: 2, parallel: 1 });
    const embedded = await embed();
    expect(embedded).toEqual(serverSums(config));
    expect(embedded.map(({ n, sums: { length }, source }) => [n, length, source.offset])).toEqual([
      [3, embeddingDimensions, 40],
      [2, embeddingDimensions, 40],
    ]);
    expect(server().requests.map(({ url, headers }) => [url, headers.authorization])).toEqual(
      Array.from({ length: 3 }, () => ["/v1/embeddings", `Bearer ${secret}`]),
    );
    const asked = { model: "emb-1", encoding_format: "float", dimensions: serverDimensions };
    expect(server().requests.map(askedBy)).toEqual([
      { ...asked, input: ["alpha", "beta"] },
      { ...asked, input: ["gamma", "delta"] },
      { ...asked, input: ["epsilon"] },
    ]);
    expect(results()).toEqual({ embedded: 5 });
    expect(sums()["embedderCharacters"]).toBe(texts.join("").length);
    expect(lines).toEqual([`answers are embedded by an endpoint as well {"measure":"${embedded[0]?.measure}"}`]);
  });

  test("that answers in another order is understood by its indexes", async () => {
    server().script(answerVectors("emb-1", (entries) => [...entries.slice(1), ...entries.slice(0, 1)]));
    const { embed, config } = embedderWith();
    expect(await embed()).toEqual(serverSums(config));
  });

  test("that takes no length and no key is asked without them", async () => {
    const { embed, results } = embedderWith({ asksDimensions: false, apiKey: undefined });
    await embed();
    expect(server().requests.map(askedBy)).toEqual([{ model: "emb-1", encoding_format: "float", input: texts }]);
    expect(server().requests[0]?.headers.authorization).toBeUndefined();
    expect(results()).toEqual({ embedded: 5 });
  });

  test("that answers as another model begins series of that name, and a fifth name has none", async () => {
    const { embed, config, results } = embedderWith();
    for (const model of ["emb-1", "emb-2", "emb-3", "emb-4"]) {
      server().script(answerVectors(model));
      expect(await embed()).toEqual(serverSums(config, model));
    }
    server().script(answerVectors("emb-5"));
    expect(await embed()).toEqual([]);
    expect(results()).toEqual({ embedded: 20, too_many_models: 5 });
  });

  test("whose vectors are bad in part has the others added up, and every bad one counted", async () => {
    const bad: readonly unknown[] = ["AAAA", [1, 2], Array.from({ length: serverDimensions }, () => 0)];
    const spoil = (entries: readonly Entry[]) =>
      entries.map((entry, at) => (at < bad.length ? { ...entry, embedding: bad[at] } : entry));
    server().script(answerVectors("emb-1", spoil));
    const { embed, results } = embedderWith();
    expect((await embed()).map(({ n, source }) => [n, source.index % 2 ** 16])).toEqual([
      [1, 1],
      [1, 0],
    ]);
    expect(results()).toEqual({ not_numbers: 1, wrong_length: 1, no_direction: 1, embedded: 2 });
  });
});

describe("asking for embeddings", () => {
  test("ends at once when the processors stop, and says nothing against the endpoint", async () => {
    const { embed, results, lines, stop, clock } = embedderWith({ batchAnswers: 2, parallel: 1 });
    server().script(() => {});
    const embedding = embed();
    await server().nextRequest();
    stop();
    expect(await embedding).toEqual([]);
    expect([results(), lines, clock.sleeping()]).toEqual([{ stopping: 5 }, [], 0]);
  });

  test("keeps to the characters of a minute, and counts what they had no room for", async () => {
    const long = ["a", "b", "c"].map((letter) => letter.repeat(450));
    const { embed, results, clock, sums } = embedderWith({ charactersPerMinute: 1_000, batchAnswers: 1 });
    await embed(long);
    expect(results()).toEqual({ embedded: 2, over_budget: 1 });
    clock.advance(59_999);
    await embed(["d".repeat(90), "e".repeat(90)]);
    expect(results()).toEqual({ embedded: 3, over_budget: 2 });
    clock.advance(1);
    await embed(long);
    expect(results()).toEqual({ embedded: 5, over_budget: 3 });
    expect(sums()["embedderCharacters"]).toBe(4 * 450 + 90);
  });

  test("takes the key from a file, and the next one once that is refused", async () => {
    const file = join(folder(), "key");
    const { embed, results, clock, lines } = embedderWith({ apiKey: undefined, apiKeyFile: file });
    await embed();
    expect([server().requests.length, results()]).toEqual([0, { no_key: 5 }]);
    writeFileSync(file, "sk-first\n");
    clock.advance(1_000);
    await embed();
    writeFileSync(file, "sk-second\n");
    server().script(answerJson({}, 401));
    await embed();
    server().script(answerVectors());
    clock.advance(1_000);
    await embed();
    expect(server().requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-first",
      "Bearer sk-first",
      "Bearer sk-second",
    ]);
    expect(results()).toEqual({ no_key: 5, embedded: 10, refused: 5 });
    expect(lines.filter((line) => line.includes("sk-"))).toEqual([]);
  });

  test("says nothing of a key that no header can hold", async () => {
    const { embed, results, lines } = embedderWith({ apiKey: "sk-\u{1f511}\nsecret" });
    await embed();
    expect(results()).toEqual({ unreachable: 5 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("secret");
  });

  test("takes a key or its file, not both", () => {
    const settings = { baseUrl: "https://h/v1", model: "m", dimensions: 3, apiKey: "a", apiKeyFile: "b" };
    expect(embedderConfig.safeParse(settings).error?.issues.map(({ path }) => path.join("."))).toEqual(["apiKeyFile"]);
  });
});
