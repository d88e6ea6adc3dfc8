import { z } from "zod";
import type { Rollout } from "../rollouts/rollout.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import { startRollout } from "../rollouts/start-rollout.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import type { JudgementOf } from "./canary-view.ts";
import { canaryView, metricView } from "./canary-view.ts";
import { parseBody } from "./parse-body.ts";
import { jsonReply } from "./replies.ts";

/** What requests about canaries are answered with. */
export interface CanaryDeps {
  readonly rollouts: Pick<Rollouts, "list" | "find" | "start" | "abort" | "promote" | "recordEval">;
  readonly judgementOf: JudgementOf;
  /** Throws `http.too_many_requests` when no more may be changed at present. */
  readonly spend: () => void;
}

/** What can be done to a canary. */
export const canaryActions = ["abort", "promote", "evals"] as const;

/** What can be done to a canary. */
export type CanaryAction = (typeof canaryActions)[number];

const ending = z.strictObject({ reason: z.string().trim().min(1).max(500) });
const evalOutcome = z.strictObject({ name: z.string().min(1).max(128), isPassed: z.boolean() });

/** The most that a list holds. */
const listed = 200;

/** Lists canaries, the latest first. */
export const listCanaries = (deps: CanaryDeps): ApiReply =>
  jsonReply(200, {
    canaries: deps.rollouts
      .list()
      .slice(0, listed)
      .map((each) => viewOf(deps, each)),
  });

/** Tells of one canary, by every metric. */
export const showCanary = (deps: CanaryDeps, id: string): ApiReply => {
  const found = deps.rollouts.find(id);
  const metrics = deps.judgementOf(found).metrics.map(metricView);
  return jsonReply(200, { ...viewOf(deps, found), metrics });
};

/** Starts a canary. */
export const startCanaryOf = async (deps: CanaryDeps, request: ApiRequest): Promise<ApiReply> => {
  const asked = parseBody(startRollout, request);
  deps.spend();
  return jsonReply(201, viewOf(deps, await deps.rollouts.start(asked)));
};

/** Does something to a canary because a person or a program asks for it. */
export const actOnCanary = async (
  deps: CanaryDeps,
  { id, action, request }: { readonly id: string; readonly action: CanaryAction; readonly request: ApiRequest },
): Promise<ApiReply> => {
  const { rollouts } = deps;
  rollouts.find(id);
  switch (action) {
    case "abort":
    case "promote": {
      const { reason } = parseBody(ending, request);
      deps.spend();
      return jsonReply(200, viewOf(deps, await rollouts[action](id, reason)));
    }
    case "evals": {
      const outcome = parseBody(evalOutcome, request);
      deps.spend();
      return jsonReply(200, viewOf(deps, await rollouts.recordEval(id, outcome)));
    }
  }
};

const viewOf = ({ judgementOf }: CanaryDeps, rollout: Rollout) => canaryView(rollout, judgementOf(rollout));
