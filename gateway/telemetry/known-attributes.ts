import { writeAttribute } from "./attribute-fields.ts";
import type { BackwardWriter } from "./backward-writer.ts";

/** Number of a span's field for its attributes, from opentelemetry-proto's trace v1. */
const attributesField = 9;

/** More names than the gateway gives; whoever makes names up must not fill our memory. */
const maxNames = 128;
/** Longer texts are seldom the same twice. */
const maxCharacters = 96;

interface Known {
  value: unknown;
  /** Null while the value has come once only. */
  bytes: Uint8Array | null;
}

/**
 * Writes the attributes of one kind of span. Most are those of the call before: the bytes of a value that comes a second time
 * are kept, and written at once from then on.
 */
export class KnownAttributes {
  readonly #known = new Map<string, Known>();

  write(writer: BackwardWriter, attributes: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(attributes);
    for (let index = names.length - 1; index >= 0; index -= 1) {
      const name = names[index] ?? "";
      const value = attributes[name];
      const known = isShort(value) ? this.#known.get(name) : null;
      if (known === undefined || known === null || known.value !== value) {
        writeAttribute(writer, attributesField, { name, value });
        if (known !== null) this.#note(known, name, value);
      } else if (known.bytes === null) {
        const before = writer.length;
        writeAttribute(writer, attributesField, { name, value });
        known.bytes = writer.since(before);
      } else {
        writer.raw(known.bytes);
      }
    }
  }

  #note(known: Known | undefined, name: string, value: unknown): void {
    if (known !== undefined) {
      known.value = value;
      known.bytes = null;
    } else if (this.#known.size < maxNames) {
      this.#known.set(name, { value, bytes: null });
    }
  }
}

const isShort = (value: unknown): boolean =>
  typeof value === "string" ? value.length <= maxCharacters : typeof value === "number" || typeof value === "boolean";
