import { writeAttribute } from "./attribute-fields.ts";
import type { BackwardWriter } from "./backward-writer.ts";
import type { AttributeSink, AttributeValue } from "./span-attributes.ts";

/** Number of a span's field for its attributes, from opentelemetry-proto's trace v1. */
const attributesField = 9;

/** More names than the gateway gives; whoever makes names up must not fill our memory. */
const maxNames = 128;
/** Longer texts are seldom the same twice. */
const maxCharacters = 96;

interface Known {
  value: AttributeValue;
  /** Null while the value has come once only. */
  bytes: Uint8Array | null;
}

/**
 * Writes the attributes of one kind of span, the first last. Most are those of the call before: the bytes of a value that comes
 * a second time are kept, and written at once from then on.
 */
export class KnownAttributes implements AttributeSink {
  readonly #writer: BackwardWriter;
  readonly #known = new Map<string, Known>();

  constructor(writer: BackwardWriter) {
    this.#writer = writer;
  }

  put(name: string, value: AttributeValue | null): void {
    if (value === null) {
      return;
    }
    const known = isShort(value) ? this.#known.get(name) : null;
    if (known === undefined || known === null || known.value !== value) {
      writeAttribute(this.#writer, attributesField, { name, value });
      if (known !== null) this.#note(known, name, value);
    } else if (known.bytes === null) {
      const before = this.#writer.length;
      writeAttribute(this.#writer, attributesField, { name, value });
      known.bytes = this.#writer.since(before);
    } else {
      this.#writer.raw(known.bytes);
    }
  }

  #note(known: Known | undefined, name: string, value: AttributeValue): void {
    if (known !== undefined) {
      known.value = value;
      known.bytes = null;
    } else if (this.#known.size < maxNames) {
      this.#known.set(name, { value, bytes: null });
    }
  }
}

const isShort = (value: AttributeValue): boolean =>
  typeof value === "string" ? value.length <= maxCharacters : typeof value !== "object";
