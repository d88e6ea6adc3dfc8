import { PlumblineError } from "../../core/errors.ts";
import { metricsWithEmbedding } from "../canary/metric.ts";
import { canaryPlan, namedPlans, stagesOf } from "../canary/plan.ts";
import { startCanary } from "../canary/step-canary.ts";
import type { RoutePlan } from "../verdicts/route-plan.ts";
import type { ExternalKey, Rollout } from "./rollout.ts";
import { isUnderWay } from "./rollout.ts";
import type { RolloutsConfig } from "./rollouts-config.ts";
import type { StartRollout } from "./start-rollout.ts";

/** What a rollout is opened with. */
export interface OpenArgs {
  readonly id: string;
  readonly asked: StartRollout;
  readonly route: RoutePlan | null;
  readonly config: RolloutsConfig;
  /** Hash of what both arms are configured to be. */
  readonly hash: string;
  readonly nowMs: number;
}

/** The rollout that somebody asked for, before its first look; throws `canary.refused` when it cannot be. */
export const openRollout = ({ id, asked, route, config, hash, nowMs }: OpenArgs): Rollout => {
  const external = externalOf(asked);
  if (external === null) {
    checkTargets(asked, route);
  }
  const planName = asked.plan ?? config.plan;
  const shares = config.plans[planName] ?? shippedShares(planName);
  if (shares === null) {
    const known = [...Object.keys(config.plans), ...Object.keys(namedPlans)].join(", ");
    throw new PlumblineError("canary.refused", `There is no plan "${planName}": the plans are ${known}.`);
  }
  const plan = canaryPlan.parse({
    stages: stagesOf(shares),
    metrics: metricsWithEmbedding(config.embeddingWeight),
    unit: asked.unit,
    alphaFail: config.alphaFail,
    alphaPass: config.alphaPass,
  });
  return {
    id,
    route: asked.route,
    candidate: asked.candidate,
    unit: asked.unit,
    external,
    planName,
    plan,
    needsEvals: config.needsEvals,
    evals: [],
    startedAtMs: nowMs,
    endedAtMs: null,
    status: "running",
    heldFor: null,
    shares: [{ atMs: nowMs, share: external === null ? (shares[0] ?? 0) : 0 }],
    wish: null,
    judge: startCanary({ plan, hash, nowMs }),
    says: "nothing was seen yet",
    verdict: "continue",
    logEvidence: 0,
    logBound: -Math.log(plan.alphaFail),
    candidateCalls: 0,
    baselineCalls: 0,
    neededCalls: null,
  };
};

/** How somebody calls the rollout who shifts its traffic himself; null where the gateway does. */
export const externalOf = (asked: StartRollout): ExternalKey | null =>
  asked.traffic === "external"
    ? {
        namespace: asked.namespace ?? "",
        name: asked.name ?? asked.candidate,
        checksum: asked.checksum ?? "",
        baseline: asked.baseline ?? null,
      }
    : null;

/** Whether a canary under way is in the way of one that is asked for: the gateway shares a route between one and the others. */
export const isInTheWay = (running: Rollout, { route, candidate, traffic }: StartRollout): boolean => {
  const isBothManaged = running.external === null && traffic !== "external";
  return isUnderWay(running) && running.route === route && (isBothManaged || running.candidate === candidate);
};

const checkTargets = ({ route: name, candidate }: StartRollout, route: RoutePlan | null): void => {
  if (route === null) {
    throw new PlumblineError("canary.refused", `There is no route "${name}".`);
  }
  const variants = route.targets.map(({ variant }) => variant);
  if (!variants.includes(candidate)) {
    throw new PlumblineError(
      "canary.refused",
      `The route "${name}" has no target "${candidate}": its targets are ${variants.join(", ")}.`,
    );
  }
  if (!route.targets.some(({ variant, weight }) => variant !== candidate && weight > 0)) {
    throw new PlumblineError(
      "canary.refused",
      `The route "${name}" has no other target with a weight above 0: there is nothing to compare "${candidate}" with.`,
    );
  }
};

const shippedShares = (name: string): readonly number[] | null => {
  const shipped = Object.entries(namedPlans).find(([known]) => known === name);
  return shipped?.[1] ?? null;
};
