import type { Alert, Labels } from "../../core/alert.ts";
import type { Matcher } from "./matcher.ts";
import { testOf } from "./matcher.ts";

/** While an alert of the source fires, alerts of the target with the same values of the equal labels are not told. */
export interface InhibitionSettings {
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  /** Labels whose values have to be equal; one that both lack is equal. */
  readonly equal: readonly string[];
}

/** Tells the fingerprint of a firing alert that inhibits an alert with these labels; null when none does. */
export type Inhibitor = (labels: Labels) => string | null;

/** Prepares inhibition rules; what comes back is given the alerts that fire, whether they are told or not. */
export const makeInhibition = (settings: readonly InhibitionSettings[]): ((firing: readonly Alert[]) => Inhibitor) => {
  const rules = settings.map(({ source, target, equal }) => ({
    isSource: testOf(source),
    isTarget: testOf(target),
    equalKey: (labels: Labels) => JSON.stringify(equal.map((name) => labels[name] ?? "")),
  }));
  return (firing) => {
    const sides = rules.map((rule) => ({ rule, sources: sourcesOf(rule, firing) }));
    return (labels) => {
      const found = sides.map(({ rule, sources }) => inhibitorIn(rule, sources, labels));
      return found.find((fingerprint) => fingerprint !== null) ?? null;
    };
  };
};

interface Rule {
  readonly isSource: (labels: Labels) => boolean;
  readonly isTarget: (labels: Labels) => boolean;
  readonly equalKey: (labels: Labels) => string;
}

/** A fingerprint of an alert that matches only the source side, and of one that matches both; null without. */
interface Sources {
  readonly oneSided: string | null;
  readonly twoSided: string | null;
}

/** An alert that matches both sides is not inhibited by another such: the two would silence each other. */
const inhibitorIn = (rule: Rule, sources: ReadonlyMap<string, Sources>, labels: Labels): string | null => {
  const found = sources.get(rule.equalKey(labels));
  if (found === undefined || !rule.isTarget(labels)) {
    return null;
  }
  return rule.isSource(labels) ? found.oneSided : (found.oneSided ?? found.twoSided);
};

const sourcesOf = (rule: Rule, firing: readonly Alert[]): ReadonlyMap<string, Sources> => {
  const found = new Map<string, Sources>();
  for (const { labels, fingerprint } of firing) {
    if (rule.isSource(labels)) {
      const key = rule.equalKey(labels);
      const known = found.get(key) ?? { oneSided: null, twoSided: null };
      const side = rule.isTarget(labels) ? "twoSided" : "oneSided";
      found.set(key, { ...known, [side]: known[side] ?? fingerprint });
    }
  }
  return found;
};
