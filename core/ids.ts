import { randomUUID } from "node:crypto";

/** The id port: the source of every identifier that is not a trace or span id, so that tests can predict them. */
export interface Ids {
  /** A new identifier that no other process will make. */
  readonly next: () => string;
}

/** Random version 4 UUIDs. */
export const randomIds: Ids = { next: () => randomUUID() };
