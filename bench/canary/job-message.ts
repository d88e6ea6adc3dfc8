import { z } from "zod";
import type { CellResult } from "./canary-jobs.ts";

/** What a thread is told: which job to do, with how many runs a cell. */
export const jobOrder = z.object({ name: z.string(), runs: z.int().min(1) });

const results = z.array(
  z.object({
    name: z.string(),
    kind: z.enum(["harmless", "harmful"]),
    /** By rule; null stands for a run that was never rolled back. */
    outcomes: z.array(z.tuple([z.string(), z.array(z.number().nullable())])),
  }),
);

/** Results as a thread tells them. */
export type ToldResults = z.infer<typeof results>;

/** Results in a form that a message can carry and be checked in. */
export const toldResults = (found: readonly CellResult[]): ToldResults =>
  found.map(({ name, kind, outcomes }) => ({
    name,
    kind,
    outcomes: [...outcomes].map(([rule, each]) => [rule, each.map((n) => (Number.isFinite(n) ? n : null))]),
  }));

/** The results that a message carries; throws when it carries none. */
export const readResults = (message: unknown): readonly CellResult[] =>
  results.parse(message).map(({ name, kind, outcomes }) => ({
    name,
    kind,
    outcomes: new Map(outcomes.map(([rule, each]) => [rule, each.map((n) => n ?? Number.POSITIVE_INFINITY)])),
  }));
