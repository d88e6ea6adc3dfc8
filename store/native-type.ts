/** A ClickHouse type as a tree: what its values are made of in the Native format. */
export type NativeType =
  | { readonly kind: "fixed"; readonly bytes: number }
  | { readonly kind: "string" }
  | { readonly kind: "nullable" | "array" | "dictionary"; readonly of: NativeType }
  | { readonly kind: "tuple"; readonly of: readonly NativeType[] };

/** Reads the name of a type, such as `Map(LowCardinality(String), Nullable(Int64))`; null for one that is not known here. */
export const parseNativeType = (text: string): NativeType | null => {
  const { name, args } = splitType(text);
  const bytes = fixedBytes(name, args);
  if (bytes !== null) {
    return { kind: "fixed", bytes };
  }
  switch (name) {
    case "String":
      return { kind: "string" };
    case "Nullable":
      return wrapped("nullable", args[0]);
    case "Array":
      return wrapped("array", args[0]);
    case "LowCardinality":
      // Its dictionary keeps null as a value like another.
      return wrapped("dictionary", args[0]?.replace(/^Nullable\((.*)\)$/s, "$1"));
    case "SimpleAggregateFunction":
      return parseNativeType(args.at(-1) ?? "");
    case "Tuple":
      return tupleOf(args.map(withoutName));
    case "Map":
      return arrayOf(tupleOf(args));
    case "Nested":
      return arrayOf(tupleOf(args.map(withoutName)));
    default:
      return null;
  }
};

const bytesOfTypes: Readonly<Record<string, number>> = {
  ...{ UInt8: 1, Int8: 1, Bool: 1, Enum8: 1, Nothing: 1 },
  ...{ UInt16: 2, Int16: 2, Enum16: 2, Date: 2, BFloat16: 2 },
  ...{ UInt32: 4, Int32: 4, Float32: 4, Date32: 4, DateTime: 4, Time: 4, IPv4: 4, Decimal32: 4 },
  ...{ UInt64: 8, Int64: 8, Float64: 8, DateTime64: 8, Time64: 8, Decimal64: 8 },
  ...{ UInt128: 16, Int128: 16, UUID: 16, IPv6: 16, Decimal128: 16 },
  ...{ UInt256: 32, Int256: 32, Decimal256: 32 },
};

const fixedBytes = (name: string, args: readonly string[]): number | null => {
  if (name === "FixedString") {
    return Number(args[0]);
  }
  if (name === "Decimal") {
    const digits = Number(args[0]);
    return [9, 18, 38].reduce((bytes, limit) => (digits > limit ? bytes * 2 : bytes), 4);
  }
  return name.startsWith("Interval") ? 8 : (bytesOfTypes[name] ?? null);
};

const wrapped = (kind: "nullable" | "array" | "dictionary", text: string | undefined): NativeType | null => {
  const of = parseNativeType(text ?? "");
  return of === null ? null : { kind, of };
};

const arrayOf = (of: NativeType | null): NativeType | null => (of === null ? null : { kind: "array", of });

const tupleOf = (texts: readonly string[]): NativeType | null => {
  const of = texts.map(parseNativeType);
  const known = of.filter((type) => type !== null);
  return of.length > 0 && known.length === of.length ? { kind: "tuple", of: known } : null;
};

/** The type of a tuple's element, which may have a name in front of it. */
const withoutName = (element: string): string => /^(?:`[^`]*`|\w+)\s+(.+)$/s.exec(element)?.[1] ?? element;

/** The name of a type and what stands in its brackets. */
export const splitType = (text: string): { readonly name: string; readonly args: readonly string[] } => {
  const [, name = "", inner] = /^(\w+)(?:\((.*)\))?$/s.exec(text.trim()) ?? [];
  return { name, args: inner === undefined ? [] : splitArguments(inner) };
};

/** Splits at the commas that stand in no bracket and no quote. */
const splitArguments = (inner: string): readonly string[] => {
  const parts: string[] = [""];
  let depth = 0;
  for (const piece of inner.match(/'(?:[^'\\]|\\.)*'|`[^`]*`|[\s\S]/g) ?? []) {
    depth += piece === "(" ? 1 : piece === ")" ? -1 : 0;
    if (piece === "," && depth === 0) {
      parts.push("");
    } else {
      parts.push((parts.pop() ?? "") + piece);
    }
  }
  return parts.map((part) => part.trim());
};
