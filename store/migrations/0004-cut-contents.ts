import type { Migration } from "./migration.ts";

/** How much of a call's text was cut; rows from before say 0. */
export const cutContents: Migration = {
  version: 4,
  name: "cut-contents",
  statements: ["ALTER TABLE contents ADD COLUMN IF NOT EXISTS cut_bytes UInt64 AFTER output_messages"],
};
