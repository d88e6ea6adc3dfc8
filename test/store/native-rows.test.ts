import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EmbeddedStore } from "../../store/clickhouse.ts";
import { nativeRows } from "../../store/native-rows.ts";
import type { Cell, Row } from "../../store/rows.ts";
import type { OpenedStore } from "./open-engine.ts";
import { makeEngine } from "./open-engine.ts";

const engine = await makeEngine();
let opened: OpenedStore<EmbeddedStore>;

beforeAll(async () => {
  opened = await engine.open("native");
});

afterAll(async () => {
  await opened.close();
  await engine.remove();
});

/** A type, what may stand in it, and what is read of that: 64-bit numbers are read as text. */
interface Kind {
  readonly type: string;
  readonly cells: fc.Arbitrary<Cell>;
  readonly read: (cell: Cell) => unknown;
  readonly sql?: (name: string) => string;
}

const same = (cell: Cell): unknown => cell;
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ maxLength: 8 }),
  fc.constantFrom("", "openai", "\ud800", "ä".repeat(200), "x".repeat(5_000), "\0", "é".repeat(64)),
);
const wellFormed = (cell: Cell): unknown => (typeof cell === "string" ? cell.toWellFormed() : cell);
const word = fc.oneof(
  fc.nat(3).map((index) => `w${index}`),
  fc.nat(70_000).map((index) => `n${index}`),
  text,
);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const long = (min: bigint, max: bigint): fc.Arbitrary<bigint | number> =>
  fc.oneof(
    fc.bigInt({ min, max }),
    fc.integer({ min: min < 0n ? Number.MIN_SAFE_INTEGER : 0, max: Number.MAX_SAFE_INTEGER }),
  );
const signed = long(-(2n ** 63n), 2n ** 63n - 1n);
const ticks = long(0n, 4_294_967_295_999_999_999n);
const ticksRead = (name: string): string => `toString(toUnixTimestamp64Nano(${name}))`;
const recordOf = (cell: Cell): Readonly<Record<string, unknown>> =>
  typeof cell === "object" && cell !== null ? Object.fromEntries(Object.entries(cell)) : {};
const dictionary = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(
    word.filter((key) => key !== "__proto__"),
    values,
    { maxKeys: 12 },
  );
const wellFormedRecord = (cell: Cell): unknown =>
  Object.fromEntries(
    Object.entries(recordOf(cell)).map(([key, value]) => [
      key.toWellFormed(),
      typeof value === "string" ? value.toWellFormed() : value,
    ]),
  );

const kinds: readonly Kind[] = [
  { type: "String", cells: text, read: wellFormed },
  { type: "Nullable(String)", cells: fc.option(text), read: wellFormed },
  { type: "LowCardinality(String)", cells: word, read: wellFormed },
  { type: "LowCardinality(Nullable(String))", cells: fc.option(word), read: wellFormed },
  { type: "Bool", cells: fc.boolean(), read: same },
  { type: "UInt8", cells: whole(0, 255), read: same },
  { type: "UInt16", cells: whole(0, 65_535), read: same },
  { type: "Nullable(UInt16)", cells: fc.option(whole(0, 65_535)), read: same },
  { type: "UInt32", cells: whole(0, 4_294_967_295), read: same },
  { type: "Int32", cells: whole(-2_147_483_648, 2_147_483_647), read: same },
  { type: "UInt64", cells: long(0n, 2n ** 64n - 1n), read: String },
  { type: "Int64", cells: signed, read: String },
  { type: "Nullable(Int64)", cells: fc.option(signed), read: (cell) => (cell === null ? null : String(cell)) },
  { type: "Float64", cells: finite, read: same },
  { type: "Nullable(Float64)", cells: fc.option(finite), read: same },
  { type: "DateTime('UTC')", cells: whole(0, 4_294_967_295), read: same, sql: (name) => `toUnixTimestamp(${name})` },
  { type: "DateTime64(9)", cells: ticks, read: String, sql: ticksRead },
  {
    type: "Tuple(LowCardinality(String), DateTime64(9))",
    cells: fc.tuple(word, ticks),
    read: (cell) => (Array.isArray(cell) ? [wellFormed(cell[0]), String(cell[1])] : null),
    sql: (name) => `(${name}.1, ${ticksRead(`${name}.2`)})`,
  },
  { type: "Array(Int32)", cells: fc.array(whole(-9, 9)), read: same },
  {
    type: "Array(LowCardinality(String))",
    cells: fc.array(word, { maxLength: 5 }),
    read: (cell) => (Array.isArray(cell) ? cell.map(wellFormed) : null),
  },
  {
    type: "Array(Map(LowCardinality(String), String))",
    cells: fc.array(dictionary(text), { maxLength: 3 }),
    read: (cell) => (Array.isArray(cell) ? cell.map(wellFormedRecord) : null),
  },
  { type: "Map(LowCardinality(String), String)", cells: dictionary(text), read: wellFormedRecord },
  { type: "Map(LowCardinality(String), Float64)", cells: dictionary(finite), read: wellFormedRecord },
  {
    type: "SimpleAggregateFunction(sumMap, Map(Int16, Int64))",
    cells: fc.dictionary(whole(-32_768, 32_767).map(String), whole(0, 2 ** 40)),
    read: (cell) => Object.fromEntries(Object.entries(recordOf(cell)).map(([key, value]) => [key, String(value)])),
  },
];

const columns = [
  { name: "place", type: "UInt32", doc: "Number of the row." },
  ...kinds.map(({ type }, index) => ({ name: `c${index}`, type, doc: type })),
];

const insert = async (rows: readonly Row[]): Promise<void> => {
  await opened.command(
    `CREATE OR REPLACE TABLE t (${columns.map(({ name, type }) => `${name} ${type}`).join(", ")}) ENGINE = Memory`,
  );
  await opened.store.rawInsert({
    insert: { target: "t", settings: [], format: "Native" },
    body: Readable.from([nativeRows(columns, rows)], { objectMode: false }),
    database: "native",
    settings: {},
  });
};

const select = (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const read = kinds.map(({ sql }, index) => `${sql?.(`c${index}`) ?? `c${index}`} AS r${index}`);
  return opened.store.query(`SELECT ${read.join(", ")} FROM t ORDER BY place`);
};

describe("rows in the Native format", () => {
  it("are read by the engine as what was written, whatever their type and number", async () => {
    const row = fc.tuple(...kinds.map(({ cells }) => cells));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (cells) => {
        await insert(cells.map((each, place) => [place, ...each]));
        const expected = cells.map((each) =>
          Object.fromEntries(each.map((cell, index) => [`r${index}`, kinds[index]?.read(cell)])),
        );
        expect(await select()).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it("keep a dictionary of any size", async () => {
    const at = kinds.findIndex(({ type }) => type === "LowCardinality(Nullable(String))");
    for (const size of [1, 255, 256, 257, 65_535, 65_536, 70_000]) {
      const rows = Array.from(
        { length: size },
        (_, place) => [place, ...kinds.map((__, index) => (index === at ? `value ${place}` : null))] satisfies Row,
      );
      await insert(rows);
      const [found] = await opened.store.query(
        `SELECT uniqExact(c${at}) AS values, countIf(c${at} = concat('value ', toString(place))) AS same FROM t`,
      );
      expect(found).toEqual({ values: String(size), same: String(size) });
    }
  }, 120_000);

  it("hold the default of a type in the place of null and of what is no finite number", async () => {
    await insert([[0, ...kinds.map(() => null)]]);
    const [nulls] = await select();
    await insert([
      [0, ...kinds.map(({ type }) => (type.includes("Float64") && !type.startsWith("Map") ? Number.NaN : null))],
    ]);
    expect(await select()).toEqual([nulls]);
    const read = Object.fromEntries(kinds.map(({ type }, index) => [type, nulls?.[`r${index}`]]));
    expect(read).toMatchObject({
      String: "",
      "Nullable(String)": null,
      "LowCardinality(Nullable(String))": null,
      Bool: false,
      UInt64: "0",
      Float64: 0,
      "Nullable(Float64)": null,
      "Array(Int32)": [],
      "Map(LowCardinality(String), String)": {},
      "Tuple(LowCardinality(String), DateTime64(9))": ["", "0"],
    });
  });
});
