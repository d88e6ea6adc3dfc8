import { z } from "zod";

const timeMs = z.int().min(0).max(4_294_967_295_000);

/** The calls of one minute, tenant and route that a gateway process has finished so far. */
const censusCount = z.object({
  /** Start of the minute in which the calls started, in seconds since the Unix epoch. */
  minute: z.int().min(0).max(4_294_967_280).multipleOf(60),
  tenant: z.string(),
  route: z.string(),
  finished: z.int().min(1),
  /** When the last of them finished, by the gateway's clock, in milliseconds since the Unix epoch. */
  lastFinishedAtMs: timeMs,
});

/** The calls of one minute, tenant and route that a gateway process has finished so far. */
export type CensusCount = z.infer<typeof censusCount>;

/**
 * What a gateway process says of the calls that it has finished. All numbers count from the start of the process, so that a
 * report that is lost is made good by the next one, and one that comes twice changes nothing.
 */
export const censusReport = z.object({
  version: z.literal(1),
  gatewayId: z.string().regex(/^[\w-]{1,120}$/),
  /** By the gateway's clock, in milliseconds since the Unix epoch. */
  reportedAtMs: timeMs,
  /** Milliseconds after which the next report is due. */
  everyMs: z.int().min(1),
  /** Whether the gateway has stopped, or its spool was emptied after its death: no report follows. */
  isLast: z.boolean(),
  /** Calls finished; 0 in the last report that another gateway makes for a dead one, which does not know. */
  finished: z.int().min(0),
  /** Finished calls that are kept in the spool and not on the bus yet. */
  waiting: z.int().min(0),
  /** The oldest of them has waited at least so many milliseconds; null when none waits. */
  oldestWaitingMs: z.int().min(0).nullable(),
  /** The counts that changed since the last report that the bus took. */
  counts: z.array(censusCount),
});

/** What a gateway process says of the calls that it has finished. */
export type CensusReport = z.infer<typeof censusReport>;
