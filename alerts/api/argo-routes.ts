import type { Rollout } from "../rollouts/rollout.ts";
import { isExternal, isUnderWay } from "../rollouts/rollout.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import { standingOf } from "../rollouts/standing.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import type { ArgoRequest } from "./argo.ts";
import { argoAnswer, argoRequest, argoUnknown, stageAsked } from "./argo.ts";
import type { JudgementOf } from "./canary-view.ts";
import type { ExternalDeps } from "./external-canaries.ts";
import { ensureExternal } from "./external-canaries.ts";
import { findByName } from "./find-canary.ts";
import { parseBody } from "./parse-body.ts";
import { jsonReply } from "./replies.ts";

/** What analyses of Argo Rollouts are answered with. */
export interface ArgoDeps extends ExternalDeps {
  readonly rollouts: Pick<Rollouts, "list" | "find" | "start" | "abort" | "pass">;
  readonly judgementOf: JudgementOf;
}

/** Answers an analysis, 200 also while nothing is decided: all else counts as an error of ours. */
export const answerArgo = async (deps: ArgoDeps, request: ApiRequest): Promise<ApiReply> => {
  const asked = parseBody(argoRequest, request);
  const found = findByName(deps.rollouts.list(), asked.rollout, asked.hash) ?? (await begin(deps, asked));
  if (found === null) {
    return jsonReply(200, { data: argoUnknown(asked.rollout) });
  }
  const stage = stageAsked(found.plan, asked.stage);
  // Who asks about a later stage has gone on to it: what opened the way is used up.
  if (stage !== null && stage > found.judge.stage && standingOf(found).verdict === "pass") {
    deps.spend();
    await deps.rollouts.pass(found.id);
  }
  const canary = deps.rollouts.find(found.id);
  const data = argoAnswer(canary, deps.judgementOf(canary), stage);
  if (stage !== null || data.verdict !== "pass" || !isExternal(canary) || !isUnderWay(canary)) {
    return jsonReply(200, { data });
  }
  deps.spend();
  const isPassed = await deps.rollouts.pass(canary.id);
  return jsonReply(200, { data: isPassed ? data : { ...data, verdict: "continue" } });
};

const begin = async (deps: ArgoDeps, asked: ArgoRequest): Promise<Rollout | null> => {
  const { rollout, hash, route, candidate, baseline, plan } = asked;
  if (route === "" || candidate === "") {
    return null;
  }
  const slash = rollout.indexOf("/");
  return ensureExternal(deps, {
    route,
    candidate,
    unit: "request",
    traffic: "external",
    namespace: rollout.slice(0, Math.max(0, slash)),
    name: rollout.slice(slash + 1),
    checksum: hash,
    ...(baseline === "" ? {} : { baseline }),
    ...(plan === "" ? {} : { plan }),
  });
};
