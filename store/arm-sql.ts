import { answerMeasures } from "../core/measures.ts";
import { shadowLabel } from "../core/shadow.ts";

/** Whether a call of `calls AS c` had a caller: what was sent a second time to be looked at compares no targets. */
export const hasCaller = `c.route_reason != '${shadowLabel}'`;

/** Whether a call of `calls AS c` answered whole. */
export const isAnswer = "c.outcome IN ('ok', 'cache_hit')";

const measure = (name: keyof typeof answerMeasures, value = ""): string =>
  `'answer_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}@${answerMeasures[name].version}${value}'`;

const isYes = (key: string): string => `c.measures[${key}] > 0`;

const isNo = (key: string): string => `(mapContains(c.measures, ${key}) AND c.measures[${key}] = 0)`;

/** What targets are compared by, as conditions on `calls AS c`. */
export const armConditions = {
  answers: isAnswer,
  errors: "c.outcome IN ('provider_error', 'upstream_cut', 'stalled', 'timeout')",
  rate_limited: "c.outcome = 'rate_limited'",
  fallbacks: "c.is_fallback",
  measured: `mapContains(c.measures, ${measure("refusalScore")})`,
  refusals: isYes(measure("refusalClass", "=full")),
  malformed: [
    isYes(measure("empty")),
    isYes(measure("jsonForm", "=broken")),
    isNo(measure("schemaValid")),
    isNo(measure("codeParses")),
  ].join(" OR "),
} as const;

/** A time of the parameters of a statement, in milliseconds as `msText` writes them. */
export const timeParameter = (name: string): string => `toDateTime64({${name}:String}, 3, 'UTC')`;
