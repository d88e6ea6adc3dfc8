import { describe, expect, test } from "vitest";
import { readAnswer } from "../../processors/embedder-answer.ts";

const read = (body: unknown, count = 2) =>
  readAnswer(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), { count, dimensions: 2 });
const [first, second] = [
  [1, 2],
  [3, 4],
];

describe("an answer of an embeddings endpoint", () => {
  test("is put in the order of the texts by its indexes", () => {
    const data = [
      { object: "embedding", index: 1, embedding: second },
      { object: "embedding", index: 0, embedding: first },
    ];
    expect(read({ object: "list", data, model: "m-1", usage: { prompt_tokens: 3 } })).toEqual({
      kind: "vectors",
      model: "m-1",
      vectors: [
        { kind: "vector", vector: first },
        { kind: "vector", vector: second },
      ],
    });
    expect(read({ data })).toMatchObject({ kind: "vectors", model: null });
  });

  test.each([
    { name: "with a vector too few", indexes: [0], kind: "wrong_count" },
    { name: "with a vector too many", indexes: [0, 1, 2], kind: "wrong_count" },
    { name: "with an index twice", indexes: [0, 0], kind: "wrong_index" },
    { name: "with an index of no text", indexes: [0, 2], kind: "wrong_index" },
    { name: "with an index below 0", indexes: [0, -1], kind: "malformed" },
    { name: "with an index between two", indexes: [0, 0.5], kind: "malformed" },
    { name: "without indexes", indexes: [undefined, undefined], kind: "malformed" },
  ])("$name is refused whole: whose a vector is cannot be told", ({ indexes, kind }) => {
    expect(read({ data: indexes.map((index) => ({ index, embedding: first })) })).toEqual({ kind });
  });

  test.each(["", "null", "[]", "{", '{"data":null}', '{"error":{"message":"no"}}', "\u0000\u0001"])(
    "of %j is malformed",
    (body) => {
      expect(read(body)).toEqual({ kind: "malformed" });
    },
  );

  test("in bytes that are no UTF-8 is malformed", () => {
    expect(readAnswer(Uint8Array.of(0xff, 0xfe), { count: 1, dimensions: 2 })).toEqual({ kind: "malformed" });
  });

  test.each([
    { vector: "[1,1e999]", kind: "not_finite" },
    { vector: "[-1e999,0]", kind: "not_finite" },
    { vector: "[1,null]", kind: "not_numbers" },
    { vector: '[1,"2"]', kind: "not_numbers" },
    { vector: '"AACAPwAAAEA="', kind: "not_numbers" },
    { vector: "null", kind: "not_numbers" },
    { vector: "[1]", kind: "wrong_length" },
    { vector: "[1,2,3]", kind: "wrong_length" },
    { vector: "[]", kind: "wrong_length" },
  ])("with the vector $vector loses that one as $kind, and keeps the others", ({ vector, kind }) => {
    expect(read(`{"data":[{"index":0,"embedding":${vector}},{"index":1,"embedding":[3,4]}]}`)).toEqual({
      kind: "vectors",
      model: null,
      vectors: [{ kind }, { kind: "vector", vector: second }],
    });
  });
});
