import { z } from "zod";
import type { ArmTally, Bins } from "../core/arms.ts";
import type { AnswerRow } from "./store.ts";

const bins = z
  .record(z.string(), z.coerce.number())
  .transform((record): Bins => new Map(Object.entries(record).map(([bin, n]) => [Number(bin), n])));

const armRow = z.object({
  route: z.string(),
  variant: z.string(),
  calls: z.coerce.number(),
  answers: z.coerce.number(),
  errors: z.coerce.number(),
  rate_limited: z.coerce.number(),
  fallbacks: z.coerce.number(),
  started: z.coerce.number(),
  measured: z.coerce.number(),
  refusals: z.coerce.number(),
  malformed: z.coerce.number(),
  ttft_ms: bins,
  duration_ms: bins,
  output_tokens: bins,
  answer_cost_nanos: bins,
  other_cost_nanos: bins,
});

/** Calls or units of a target of which somebody told something. */
export interface RatedArm extends Pick<ArmTally, "route" | "variant" | "rated" | "badRated"> {}

/** The tally that a row of the store says, before anybody told something of it. */
export const armTally = (answer: AnswerRow): ArmTally => {
  const row = armRow.parse(answer);
  return {
    ...emptyTally(row),
    calls: row.calls,
    answers: row.answers,
    errors: row.errors,
    rateLimited: row.rate_limited,
    fallbacks: row.fallbacks,
    started: row.started,
    measured: row.measured,
    refusals: row.refusals,
    malformed: row.malformed,
    ttftMs: row.ttft_ms,
    durationMs: row.duration_ms,
    outputTokens: row.output_tokens,
    answerCostNanos: row.answer_cost_nanos,
    otherCostNanos: row.other_cost_nanos,
  };
};

/** The tallies with what was told; a target of which nothing else is known is one more. */
export const withRated = (tallies: readonly ArmTally[], rated: readonly RatedArm[]): readonly ArmTally[] => {
  const isOf = (one: RatedArm, other: Pick<RatedArm, "route" | "variant">): boolean =>
    one.route === other.route && one.variant === other.variant;
  const added = rated.filter((each) => !tallies.some((tally) => isOf(each, tally))).map(emptyTally);
  return [...tallies, ...added].map((tally) => {
    const { rated: all, badRated } = rated.find((each) => isOf(each, tally)) ?? tally;
    return { ...tally, rated: all, badRated };
  });
};

const emptyTally = ({ route, variant }: Pick<ArmTally, "route" | "variant">): ArmTally => ({
  ...{ route, variant, calls: 0, answers: 0, errors: 0, rateLimited: 0, fallbacks: 0, started: 0 },
  ...{ measured: 0, refusals: 0, malformed: 0, rated: 0, badRated: 0 },
  ttftMs: new Map(),
  durationMs: new Map(),
  outputTokens: new Map(),
  answerCostNanos: new Map(),
  otherCostNanos: new Map(),
});
