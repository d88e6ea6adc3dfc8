import { z } from "zod";
import type { Standing } from "../rollouts/standing.ts";

/** The hooks that Flagger calls. */
export const flaggerHooks = [
  "confirm-rollout",
  "pre-rollout",
  "rollout",
  "confirm-traffic-increase",
  "confirm-promotion",
  "rollback",
  "post-rollout",
  "event",
] as const;

/** A hook that Flagger calls. */
export type FlaggerHook = (typeof flaggerHooks)[number];

/** What Flagger sends to a webhook; `metadata` is what its manifest says, and in events also what happened. */
export const flaggerRequest = z.object({
  name: z.string().min(1).max(256),
  namespace: z.string().max(256).default(""),
  phase: z.string().max(64).default(""),
  checksum: z.string().max(256).default(""),
  metadata: z
    .record(z.string(), z.string())
    .nullish()
    .transform((metadata) => metadata ?? {}),
});

/** What Flagger sends to a webhook. */
export type FlaggerRequest = z.infer<typeof flaggerRequest>;

/** What a manifest tells of the canary that its hook `confirm-rollout` starts. */
export const flaggerMetadata = z.object({
  route: z.string().min(1).max(256),
  candidate: z.string().min(1).max(256),
  baseline: z.string().min(1).max(256).optional(),
  plan: z.string().min(1).max(64).optional(),
});

/**
 * The status of a hook, where `standing` is null for a canary that nobody has started. Flagger takes 200 to 202 for yes and all else
 * for no, 204 included. What is undecided must not reach the hooks whose no counts as a failed check, `pre-rollout` and `rollout`:
 * they say no only to what failed. `rollback` says yes to that alone, and the gates open only for what has passed.
 */
export const flaggerStatus = (hook: FlaggerHook, standing: Standing | null): 200 | 409 => {
  switch (hook) {
    case "confirm-rollout":
    case "pre-rollout":
    case "rollout":
      return standing?.verdict === "fail" ? 409 : 200;
    case "confirm-traffic-increase":
    case "confirm-promotion":
      return standing?.verdict === "pass" ? 200 : 409;
    case "rollback":
      return standing?.verdict === "fail" ? 200 : 409;
    case "post-rollout":
    case "event":
      return 200;
  }
};

/** Whether a yes of the hook lets more traffic through, and so uses up that a stage was passed. */
export const isGate = (hook: FlaggerHook): boolean =>
  hook === "confirm-traffic-increase" || hook === "confirm-promotion";
