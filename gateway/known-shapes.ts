import type { PatternParts, PlainChunk } from "./chunk-facts.ts";
import { isSound } from "./chunk-facts.ts";
import { SseSplitter } from "./sse-splitter.ts";

/** Providers have a shape or two for each of their models. */
const mostShapes = 64;

const noValue = "\u0001";

/**
 * Remembers the shapes of chunks that were looked through once: a chunk of the same shape has its parts in the same places, for
 * a shape is all of a chunk's bytes but the values of `id` and `created`, the text and the padding.
 */
class KnownShapes {
  readonly #known = new Set<string>();

  has(shape: string): boolean {
    return this.#known.has(shape);
  }

  add(shape: string): void {
    if (this.#known.size >= mostShapes) this.#known.clear();
    this.#known.add(shape);
  }
}

/** What stays the same from one stream to the next of the same kind. The lengths tell where one part ends. */
const shapeOf = ({ head, middle, tail }: PatternParts, { parsed }: PlainChunk): string => {
  const constant = withoutValue(withoutValue(head, "id", parsed["id"]), "created", parsed["created"]);
  return `${constant.length} ${middle?.length ?? -1} ${constant}${middle ?? ""}${tail}`;
};

/** Without a member's value, wherever in the chunk the member stands: what is no text and no number is left as it is. */
const withoutValue = (head: string, name: string, value: unknown): string => {
  if (typeof value !== "string" && typeof value !== "number") {
    return head;
  }
  const written = JSON.stringify(value);
  for (const colon of [":", ": "]) {
    const member = `"${name}"${colon}`;
    const at = head.indexOf(member + written);
    if (at !== -1) {
      return `${head.slice(0, at)}${member}${noValue}${head.slice(at + member.length + written.length)}`;
    }
  }
  return head;
};

/** The next stream of the same kind has another id and time, and is not looked through again. */
const usable = new KnownShapes();

/** Whether what looks like the parts of the chunk are its parts, with any other text as well. */
export const isUsable = (event: Buffer, parts: PatternParts, chunk: PlainChunk): boolean => {
  const shape = shapeOf(parts, chunk);
  if (usable.has(shape)) {
    return true;
  }
  const isNew = isSound(parts, chunk) && endsByItself(event);
  if (isNew) usable.add(shape);
  return isNew;
};

/** Whether an event is over with its last byte, whatever follows: so is then any other that differs within a line. */
const endsByItself = (event: Buffer): boolean => {
  const [first] = new SseSplitter(event.length).push(event);
  return first?.bytes.length === event.length;
};
