import { PlumblineError } from "../core/errors.ts";
import type { NativeBytes } from "./native-bytes.ts";
import { listOf, longOf, numberOf, recordOf, textOf, wholeOf } from "./native-cell.ts";
import { splitType } from "./native-type.ts";
import type { Cell } from "./rows.ts";

/** Writes the cells of one column in the Native format: what its type has in front of all values, and then the values. */
export interface ColumnWriter {
  readonly prefix: (out: NativeBytes) => void;
  readonly values: (out: NativeBytes, cells: readonly Cell[]) => void;
}

/**
 * The writer of a type, as the catalogue names it. Null in a column that has no nulls is the default of its type, as is a number
 * that is not finite; a cell that the type cannot hold throws `store.rejected`.
 */
export const columnWriter = (type: string): ColumnWriter => {
  const { name, args } = splitType(type);
  const [first = "", second = ""] = args;
  switch (name) {
    case "String":
      return each((out, cell) => out.text(textOf(cell)));
    case "LowCardinality":
      return dictionaryOf(first);
    case "Nullable":
      return nullable(columnWriter(first));
    case "Array":
      return arrayOf(columnWriter(first));
    case "Tuple":
      return tupleOf(args.map(columnWriter));
    case "Map":
      return mapOf({ keys: columnWriter(first), values: columnWriter(second), isNumbered: !/String/.test(first) });
    case "SimpleAggregateFunction":
      return columnWriter(args.at(-1) ?? "");
    default:
      return numbersOf(name, type);
  }
};

const numbersOf = (name: string, type: string): ColumnWriter => {
  switch (name) {
    case "Bool":
      return each((out, cell) => out.uint8(cell === true ? 1 : 0));
    case "UInt8":
      return each((out, cell) => out.uint8(wholeOf(cell, 0, 255)));
    case "UInt16":
      return each((out, cell) => out.uint16(wholeOf(cell, 0, 65_535)));
    case "Int16":
      return each((out, cell) => out.uint16(wholeOf(cell, -32_768, 32_767)));
    case "UInt32":
    case "DateTime":
      return each((out, cell) => out.uint32(wholeOf(cell, 0, 4_294_967_295)));
    case "Int32":
      return each((out, cell) => out.uint32(wholeOf(cell, -2_147_483_648, 2_147_483_647)));
    case "UInt64":
      return each((out, cell) => out.int64(longOf(cell, 0n, 2n ** 64n - 1n)));
    case "Int64":
    case "DateTime64":
      return each((out, cell) => out.int64(longOf(cell, -(2n ** 63n), 2n ** 63n - 1n)));
    case "Float64":
      return each((out, cell) => out.float64(numberOf(cell)));
    default:
      throw new PlumblineError("store.rejected", `no column of type ${type} can be written`);
  }
};

const noPrefix = (): void => {};

const each = (write: (out: NativeBytes, cell: Cell) => void): ColumnWriter => ({
  prefix: noPrefix,
  values: (out, cells) => {
    for (const cell of cells) {
      write(out, cell);
    }
  },
});

const isMissing = (cell: Cell): boolean => cell === null || (typeof cell === "number" && !Number.isFinite(cell));

const nullable = (of: ColumnWriter): ColumnWriter => ({
  prefix: of.prefix,
  values: (out, cells) => {
    for (const cell of cells) {
      out.uint8(isMissing(cell) ? 1 : 0);
    }
    of.values(out, cells);
  },
});

const arrayOf = (of: ColumnWriter): ColumnWriter => ({
  prefix: of.prefix,
  values: (out, cells) => {
    const elements: Cell[] = [];
    for (const cell of cells) {
      for (const element of listOf(cell)) {
        elements.push(element);
      }
      out.int64(elements.length);
    }
    of.values(out, elements);
  },
});

const tupleOf = (of: readonly ColumnWriter[]): ColumnWriter => ({
  prefix: (out) => {
    for (const element of of) {
      element.prefix(out);
    }
  },
  values: (out, cells) => {
    const lists = cells.map(listOf);
    for (const [place, element] of of.entries()) {
      element.values(
        out,
        lists.map((list) => list[place] ?? null),
      );
    }
  },
});

const mapOf = (of: {
  readonly keys: ColumnWriter;
  readonly values: ColumnWriter;
  readonly isNumbered: boolean;
}): ColumnWriter => ({
  prefix: (out) => {
    of.keys.prefix(out);
    of.values.prefix(out);
  },
  values: (out, cells) => {
    const keys: Cell[] = [];
    const values: Cell[] = [];
    for (const cell of cells) {
      const entries = recordOf(cell);
      for (const key of Object.keys(entries)) {
        keys.push(of.isNumbered ? Number(key) : key);
        values.push(entries[key] ?? null);
      }
      out.int64(keys.length);
    }
    of.keys.values(out, keys);
    of.values.values(out, values);
  },
});

/** "One dictionary to a block, with keys of its own" and how many bytes an index has. */
const ownKeys = 0x600;
const dictionaryVersion = 1;

/** A dictionary of strings; one that has nulls keeps null as its first key. */
const dictionaryOf = (type: string): ColumnWriter => {
  const hasNulls = type.startsWith("Nullable(");
  if (!/^(?:Nullable\()?String\)?$/.test(type)) {
    throw new PlumblineError("store.rejected", `no column of type LowCardinality(${type}) can be written`);
  }
  return {
    prefix: (out) => out.int64(dictionaryVersion),
    values: (out, cells) => {
      if (cells.length > 0) {
        writeDictionary(out, cells, hasNulls);
      }
    },
  };
};

const writeDictionary = (out: NativeBytes, cells: readonly Cell[], hasNulls: boolean): void => {
  const places = new Map<string | null, number>(hasNulls ? [[null, 0]] : []);
  const indexes = cells.map((cell) => {
    const key = cell === null && hasNulls ? null : textOf(cell);
    const known = places.get(key);
    if (known !== undefined) {
      return known;
    }
    places.set(key, places.size);
    return places.size - 1;
  });
  const width = places.size <= 256 ? 0 : places.size <= 65_536 ? 1 : 2;
  out.int64(ownKeys + width);
  out.int64(places.size);
  for (const key of places.keys()) {
    out.text(key ?? "");
  }
  out.int64(indexes.length);
  for (const index of indexes) {
    if (width === 0) out.uint8(index);
    else if (width === 1) out.uint16(index);
    else out.uint32(index);
  }
};
