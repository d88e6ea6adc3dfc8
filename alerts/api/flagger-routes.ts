import type { Rollout } from "../rollouts/rollout.ts";
import { isUnderWay } from "../rollouts/rollout.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import { standingOf } from "../rollouts/standing.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import type { ExternalDeps } from "./external-canaries.ts";
import { ensureExternal } from "./external-canaries.ts";
import { findByKey } from "./find-canary.ts";
import type { FlaggerHook, FlaggerRequest } from "./flagger.ts";
import { flaggerMetadata, flaggerRequest, flaggerStatus, isGate } from "./flagger.ts";
import { checkValue, parseBody } from "./parse-body.ts";
import { jsonReply } from "./replies.ts";

/** What Flagger's hooks are answered with. */
export interface FlaggerDeps extends ExternalDeps {
  readonly rollouts: Pick<Rollouts, "list" | "start" | "abort" | "promote" | "pass">;
}

/** Answers a hook of Flagger. */
export const answerFlagger = async (deps: FlaggerDeps, hook: FlaggerHook, request: ApiRequest): Promise<ApiReply> => {
  const asked = parseBody(flaggerRequest, request);
  const canary = hook === "confirm-rollout" ? await begin(deps, asked) : findByKey(deps.rollouts.list(), asked);
  if (canary === null) {
    return jsonReply(flaggerStatus(hook, null), {
      canary: null,
      verdict: "continue",
      reason: "nobody has started a canary of this name and checksum: confirm-rollout does",
    });
  }
  const standing = standingOf(canary);
  const status = flaggerStatus(hook, standing);
  if (hook === "post-rollout") {
    await end(deps, canary, asked.phase);
  }
  if (isGate(hook) && status === 200 && isUnderWay(canary)) {
    deps.spend();
    // What was judged in the meantime decides, and of two who ask at once one is let through.
    const isPassed = await deps.rollouts.pass(canary.id);
    return answer(isPassed ? 200 : 409, canary, isPassed ? standing : { verdict: "continue", reason: canary.says });
  }
  return answer(status, canary, standing);
};

const answer = (status: number, { id }: Rollout, standing: ReturnType<typeof standingOf>): ApiReply =>
  jsonReply(status, { canary: id, ...standing });

const begin = (deps: FlaggerDeps, { name, namespace, checksum, metadata }: FlaggerRequest): Promise<Rollout> => {
  const about = checkValue(flaggerMetadata, metadata, "metadata");
  return ensureExternal(deps, {
    route: about.route,
    candidate: about.candidate,
    unit: "request",
    traffic: "external",
    namespace,
    name,
    checksum,
    ...(about.baseline === undefined ? {} : { baseline: about.baseline }),
    ...(about.plan === undefined ? {} : { plan: about.plan }),
  });
};

const end = async ({ rollouts }: FlaggerDeps, canary: Rollout, phase: string): Promise<void> => {
  if (isUnderWay(canary) && phase === "Succeeded") {
    await rollouts.promote(canary.id, "Flagger has promoted it");
  }
  if (isUnderWay(canary) && phase === "Failed") {
    await rollouts.abort(canary.id, "Flagger has taken it back");
  }
};
