import { PlumblineError } from "../../core/errors.ts";
import { isUnderWay } from "../rollouts/rollout.ts";
import type { Rollouts } from "../rollouts/rollouts.ts";
import type { RolloutsConfig } from "../rollouts/rollouts-config.ts";
import type { ApiReply, ApiRequest } from "./api-request.ts";
import { findByName } from "./find-canary.ts";
import { judgePairs } from "./judge-pairs.ts";
import {
  canaryConfigs,
  executionAnswer,
  executionId,
  isStagePassed,
  kayentaRequest,
  parseExecution,
} from "./kayenta.ts";
import { parseBody } from "./parse-body.ts";
import { judgeRequest } from "./remote-judge.ts";
import { jsonReply } from "./replies.ts";

/** What is answered with where Kayenta would be asked. */
export interface KayentaDeps {
  readonly rollouts: Pick<Rollouts, "list" | "pass">;
  readonly canaries: Pick<RolloutsConfig, "plans">;
  /** Throws `http.too_many_requests` when no more may be changed at present. */
  readonly spend: () => void;
}

/** Lists the plans as configurations. */
export const answerConfigs = ({ canaries }: KayentaDeps): ApiReply => jsonReply(200, canaryConfigs(canaries));

/** Starts an execution: it is about the stage in which its canary is. */
export const answerStart = ({ rollouts }: KayentaDeps, request: ApiRequest): ApiReply => {
  const { scopes, thresholds } = parseBody(kayentaRequest, request);
  const named = Object.values(scopes)[0]?.experimentScope.scope ?? "";
  const canary = findByName(rollouts.list(), named);
  if (canary === null) {
    throw new PlumblineError("canary.unknown", `There is no canary "${named}".`);
  }
  const { marginal } = thresholds;
  return jsonReply(200, { canaryExecutionId: executionId({ canary: canary.id, stage: canary.judge.stage, marginal }) });
};

/** Tells how an execution stands. That its stage is passed is used up with the answer, and the answer stays the same. */
export const answerExecution = async (deps: KayentaDeps, id: string): Promise<ApiReply> => {
  const execution = parseExecution(id);
  const canary = deps.rollouts.list().find((each) => each.id === execution?.canary);
  if (execution === null || canary === undefined) {
    throw new PlumblineError("canary.unknown", `There is no execution "${id}".`);
  }
  const answer = executionAnswer(canary, execution);
  if (isUnderWay(canary) && canary.judge.stage === execution.stage && isStagePassed(canary, execution)) {
    deps.spend();
    await deps.rollouts.pass(canary.id);
  }
  return jsonReply(200, answer);
};

/** Judges series of numbers that somebody else has measured, as Kayenta's remote judge. */
export const answerJudge = (request: ApiRequest): ApiReply =>
  jsonReply(200, judgePairs(parseBody(judgeRequest, request)));
