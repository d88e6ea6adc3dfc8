import type { BackwardWriter } from "./backward-writer.ts";

/** Writes attributes as fields of the protobuf message `KeyValue`, in their order. */
export const writeAttributes = (
  writer: BackwardWriter,
  tag: number,
  attributes: Readonly<Record<string, unknown>>,
): void => {
  const names = Object.keys(attributes);
  for (let index = names.length - 1; index >= 0; index -= 1) {
    const name = names[index] ?? "";
    writeAttribute(writer, tag, { name, value: attributes[name] });
  }
};

/** Writes one attribute. */
export const writeAttribute = (
  writer: BackwardWriter,
  tag: number,
  { name, value }: { readonly name: string; readonly value: unknown },
): void => {
  const before = writer.length;
  writeValue(writer, value);
  writer.message(2, before);
  writer.textField(1, name);
  writer.message(tag, before);
};

/** Whole numbers of 64 bits are integers, all others doubles; what is no value of an attribute is none. */
const writeValue = (writer: BackwardWriter, value: unknown): void => {
  if (typeof value === "string") {
    writer.textField(1, value);
  } else if (typeof value === "boolean") {
    writer.integerField(2, value ? 1 : 0);
  } else if (typeof value === "number") {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) {
      writer.integerField(3, value);
    } else {
      writer.doubleField(4, value);
    }
  } else if (Array.isArray(value)) {
    const before = writer.length;
    const elements: readonly unknown[] = value;
    for (const element of elements.toReversed()) {
      const since = writer.length;
      writeValue(writer, element);
      writer.message(1, since);
    }
    writer.message(5, before);
  }
};
