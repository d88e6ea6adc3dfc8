import type { Rollout } from "../rollouts/rollout.ts";
import { standingOf } from "../rollouts/standing.ts";

/** What a query is for: a metric and the labels that are demanded; null for `vector(1)`, by which clients ask whether we are there. */
export type ParsedQuery =
  | { readonly kind: "alive" }
  | { readonly kind: "metric"; readonly metric: CanaryGauge; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: "bad"; readonly problem: string };

/** What can be asked of a canary. `pass` is about its stage; `fail` stays 0 while nothing is decided. */
export const canaryGauges = [
  "plumbline_canary_pass",
  "plumbline_canary_fail",
  "plumbline_canary_log_evidence",
  "plumbline_canary_log_bound",
  "plumbline_canary_candidate_calls",
  "plumbline_canary_needed_calls",
] as const;

/** What can be asked of a canary. */
export type CanaryGauge = (typeof canaryGauges)[number];

/** A sample of an instant vector. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

const selector = /^\s*([a-z_]+)\s*(?:\{(.*)\}\s*)?$/s;
const matcher = /^\s*([a-z_]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/;

/** Reads a query: the name of a gauge, with labels compared for equality, is all of the language that there is. */
export const parseQuery = (query: string): ParsedQuery => {
  if (/^\s*vector\(\s*1\s*\)\s*$/.test(query)) {
    return { kind: "alive" };
  }
  const [, name = "", inside = ""] = selector.exec(query) ?? [];
  const metric = canaryGauges.find((known) => known === name);
  const labels = labelsOf(inside);
  if (metric === undefined || labels === null) {
    return { kind: "bad", problem: `write one of ${canaryGauges.join(", ")}, with {label="value", ...}` };
  }
  return { kind: "metric", metric, labels };
};

const labelsOf = (text: string): Readonly<Record<string, string>> | null => {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest.trim() !== "") {
    const [whole, name, value] = matcher.exec(rest) ?? [];
    if (whole === undefined || name === undefined || value === undefined) {
      return null;
    }
    labels[name] = value.replaceAll(/\\(.)/g, "$1");
    rest = rest.slice(whole.length);
  }
  return labels;
};

/**
 * Samples of the canaries that have these labels, the latest at the end, where those look who take one. There is none of what is not
 * known: who asks takes a sample that is no number for a failure.
 */
export const samplesOf = (
  canaries: readonly Rollout[],
  { metric, labels }: Extract<ParsedQuery, { kind: "metric" }>,
): readonly Sample[] =>
  canaries
    .map((canary) => ({ metric: { __name__: metric, ...labelsOfCanary(canary) }, value: gaugeOf(canary, metric) }))
    .filter(({ metric: own }) =>
      Object.entries(labels).every(([name, value]) => (new Map(Object.entries(own)).get(name) ?? "") === value),
    )
    .flatMap(({ metric: own, value }) => (value === null ? [] : [{ metric: own, value }]))
    .toReversed();

const labelsOfCanary = ({ id, route, candidate, external }: Rollout): Readonly<Record<string, string>> => ({
  canary: id,
  route,
  candidate,
  ...(external === null ? {} : { namespace: external.namespace, name: external.name, checksum: external.checksum }),
});

const gaugeOf = (canary: Rollout, metric: CanaryGauge): number | null => {
  switch (metric) {
    case "plumbline_canary_pass":
      return standingOf(canary).verdict === "pass" ? 1 : 0;
    case "plumbline_canary_fail":
      return standingOf(canary).verdict === "fail" ? 1 : 0;
    case "plumbline_canary_log_evidence":
      return canary.logEvidence;
    case "plumbline_canary_log_bound":
      return canary.logBound;
    case "plumbline_canary_candidate_calls":
      return canary.candidateCalls;
    case "plumbline_canary_needed_calls":
      return canary.neededCalls;
  }
};
