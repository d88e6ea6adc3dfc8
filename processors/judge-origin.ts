import type { NamedOrigin, Origin } from "./read-origin.ts";

/** What a record is, by the origin that its headers name. */
export type OriginVerdict =
  /** A record like any other. */
  | { readonly kind: "own" }
  /** Sent again from there, if the bytes of that place agree. */
  | { readonly kind: "redriven"; readonly origin: Origin }
  /** Not to be processed here; `origin` is where a letter of it is sent again from. */
  | { readonly kind: "refused"; readonly origin: Origin; readonly reason: string };

/**
 * Judges the origin that a record names against the place where it was read. Only earlier records of the same partition are
 * believed: its owner is the one writer of their rows and can read them, and nobody can claim a record that is yet to come.
 */
export const judgeOrigin = (named: NamedOrigin, place: Omit<Origin, "tries">): OriginVerdict => {
  const here: Origin = { ...place, tries: 0 };
  if (named.kind === "none") {
    return { kind: "own" };
  }
  if (named.kind === "broken") {
    return { kind: "refused", origin: here, reason: named.reason };
  }
  const { origin } = named;
  if (origin.topic !== place.topic) {
    return { kind: "refused", origin: here, reason: "its headers name an origin in another topic" };
  }
  if (origin.partition !== place.partition) {
    const reason = `its headers name an origin in partition ${origin.partition}, and only that one may take it`;
    return { kind: "refused", origin, reason };
  }
  if (origin.offset >= place.offset) {
    return { kind: "refused", origin: here, reason: "its headers name an origin that is not before it" };
  }
  return { kind: "redriven", origin };
};
