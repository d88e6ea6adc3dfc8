import { z } from "zod";

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) && Number.isFinite(Date.parse(text));

/** A time in a configuration: ISO 8601 with a time zone, so that it means the same everywhere. */
export const timeConfig = z
  .string()
  .refine(isTime, "write the time as 2026-11-21T08:00:00Z, or with an offset such as +01:00");
