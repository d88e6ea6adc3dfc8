import { z } from "zod";
import { assignmentUnits, verdictActions } from "../../core/verdict.ts";
import { canaryState } from "../canary/canary-state.ts";
import { canaryPlan } from "../canary/plan.ts";

/** Where a rollout stands. `held` runs on, and waits for evidence or a person; the last four are its ends. */
const rolloutStatuses = ["running", "held", "promoted", "rolled_back", "aborted", "invalid"] as const;

/** What a rollout wants to be changed. */
const wish = z.object({
  action: z.enum(verdictActions),
  share: z.number(),
  stage: z.int(),
  status: z.enum(rolloutStatuses),
  reason: z.string(),
});

/** What a rollout wants to be changed. */
export type Wish = z.infer<typeof wish>;

/** The outcome of an eval of the candidate, as it was posted. */
const evalOutcome = z.object({ name: z.string().min(1).max(128), isPassed: z.boolean(), atMs: z.number() });

/** How those call a rollout who shift its traffic themselves: of two with one name, another checksum is another rollout. */
const externalKey = z.object({
  /** Empty where names need none. */
  namespace: z.string(),
  name: z.string(),
  checksum: z.string(),
  /** Variant that the candidate is compared with; null means all others of the route. */
  baseline: z.string().nullable(),
});

/** How those call a rollout who shift its traffic themselves. */
export type ExternalKey = z.infer<typeof externalKey>;

/** The trial of one target of a route against the others, with all that must be remembered of it: plain data. */
export const rollout = z.object({
  id: z.string().min(1),
  route: z.string().min(1),
  /** The target that is on trial. */
  candidate: z.string().min(1),
  unit: z.enum(assignmentUnits),
  /** Null while the gateway shares out the traffic. */
  external: externalKey.nullable().default(null),
  planName: z.string(),
  plan: canaryPlan,
  needsEvals: z.boolean(),
  evals: z.array(evalOutcome).readonly(),
  startedAtMs: z.number(),
  /** When it came to its end; null while it runs. */
  endedAtMs: z.number().nullable(),
  status: z.enum(rolloutStatuses),
  /** What its last share was decided for, of the configuration; null while it runs. */
  heldFor: z.string().nullable().default(null),
  /** Shares that the candidate was given, the one in force at the end; a single 0 where others shift the traffic. */
  shares: z
    .array(z.object({ atMs: z.number(), share: z.number() }))
    .min(1)
    .readonly(),
  /** What is to be changed as soon as that may be; null when nothing is. */
  wish: wish.nullable(),
  judge: canaryState,
  /** The last verdict in words, with what it rests on. */
  says: z.string(),
  verdict: z.enum(["pass", "continue", "fail", "invalid", "hold"]),
  logEvidence: z.number(),
  logBound: z.number(),
  candidateCalls: z.number(),
  baselineCalls: z.number(),
  /** Calls of the candidate that are still needed; null when that is not known. */
  neededCalls: z.number().nullable(),
});

/** The trial of one target of a route against the others. */
export type Rollout = z.infer<typeof rollout>;

/** The share of traffic that the candidate has. */
export const shareOf = ({ shares }: Pick<Rollout, "shares">): number => shares.at(-1)?.share ?? 0;

/** Whether others shift its traffic: it is judged, and moves nothing. Which share its candidate has is not known then. */
export const isExternal = ({ external }: Pick<Rollout, "external">): boolean => external !== null;

/** Whether it is in a stage in which no caller gets the candidate, so that nothing can be compared. */
export const isInternal = ({ plan, judge, external }: Pick<Rollout, "plan" | "judge" | "external">): boolean =>
  external === null && plan.stages[judge.stage]?.share === 0;

/** The outcomes of evals of what both arms are configured to be now: of another text they tell nothing. */
export const evalsOf = ({ evals, judge }: Pick<Rollout, "evals" | "judge">): Rollout["evals"] =>
  evals.filter(({ atMs }) => atMs >= judge.startedMs);

/** Whether looks at it still count. */
export const isUnderWay = ({ status }: Pick<Rollout, "status">): boolean => status === "running" || status === "held";

const dayMs = 86_400_000;

/** Whether it has been over for so many days. */
export const isForgettable = ({ endedAtMs }: Rollout, nowMs: number, keptDays: number): boolean =>
  endedAtMs !== null && nowMs - endedAtMs > keptDays * dayMs;
