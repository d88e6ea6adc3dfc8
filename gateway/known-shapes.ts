import type { PatternParts, PlainChunk } from "./chunk-facts.ts";

/** Providers have a shape or two for each of their models. */
const mostShapes = 64;

const noValue = "\u0001";

/**
 * Remembers the shapes of chunks that were looked through once: a chunk of the same shape has its parts in the same places, for
 * a shape is all of a chunk's bytes but the values of `id` and `created`, the text and the padding.
 */
export class KnownShapes {
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
export const shapeOf = ({ head, middle, tail }: PatternParts, { parsed }: PlainChunk): string => {
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
