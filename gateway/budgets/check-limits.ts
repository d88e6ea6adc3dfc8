import type { KeyConfig } from "../keys/key-config.ts";
import type { RouteProblem } from "../route-checks.ts";
import type { LimitConfig } from "./budget-config.ts";

/** Every mistake in how limits refer to keys and to each other, all at once. */
export const checkLimits = (limits: readonly LimitConfig[], keys: readonly KeyConfig[]): readonly RouteProblem[] => {
  const seen = new Set<string>();
  return limits.flatMap((limit, index) => {
    const place = JSON.stringify([limit.level, limit.name ?? null]);
    const messages = [
      ...(seen.has(place) ? ["another limit is for the same"] : []),
      ...(isEmpty(limit) ? ["a limit needs a number of dollars, requests or tokens"] : []),
      ...problemsOf(limit, keys),
    ];
    seen.add(place);
    return messages.map((message) => ({ path: ["budgets", "limits", index], message }));
  });
};

const isEmpty = ({ level: _level, name: _name, mode: _mode, ...numbers }: LimitConfig): boolean =>
  Object.values(numbers).every((number) => number === undefined);

/** A name that no key has would bound nothing, and nobody would see it. */
const problemsOf = ({ level, name }: LimitConfig, keys: readonly KeyConfig[]): readonly string[] => {
  switch (level) {
    case "gateway":
      return name === undefined ? [] : ["the gateway has no name"];
    case "user":
      return [];
    case "organisation":
    case "team":
      return keys.some((key) => key[level] !== undefined && (name ?? key[level]) === key[level])
        ? []
        : [`no key has ${name === undefined ? `a ${level}` : `the ${level} "${name}"`}`];
    case "key":
      return keys.some(({ id }) => (name ?? id) === id)
        ? []
        : [name === undefined ? "there are no keys" : `no key is called "${name}"`];
  }
};
