import { z } from "zod";

const total = z.object({
  /** Level and id of whom it is for, as `team:search`. */
  of: z.string().min(1).max(300),
  /** Nano-dollars that the gateway has spent since the window began. */
  nanos: z.int().min(0),
});

/**
 * What one gateway process has spent of budgets in one window. All numbers count from the start of the window, so that a report
 * that is lost is made good by the next one, and one that comes late or twice changes nothing: the highest of each counts.
 */
export const spendingReport = z.object({
  version: z.literal(1),
  /** Who spent it; another gateway may repeat what it heard. */
  gatewayId: z.string().regex(/^[\w-]{1,120}$/),
  /** Windows of budgets in dollars; all begin and end by UTC. */
  window: z.enum(["hour", "day", "month"]),
  /** When the window began, in milliseconds since the Unix epoch. */
  startMs: z.int().min(0),
  totals: z.array(total).max(1_000),
});

/** What one gateway process has spent of budgets in one window. */
export type SpendingReport = z.infer<typeof spendingReport>;
