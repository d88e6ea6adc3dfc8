import type { EmbeddedBusConfig } from "./config.ts";

const msPerHour = 3_600_000;

/** How long a record is kept that nobody needs, in milliseconds. */
export const retentionMs = ({ retentionHours }: Pick<EmbeddedBusConfig, "retentionHours">): number =>
  retentionHours * msPerHour;
