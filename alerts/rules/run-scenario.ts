import type { Labels } from "../../core/alert.ts";
import { limitOf } from "./limit-of.ts";
import type { Rule } from "./rule-schema.ts";
import { scenarioAnswers } from "./scenario-answers.ts";
import type { ExpectedAlert, Scenario } from "./scenario-schema.ts";
import { isToldResolved } from "./step-alert.ts";
import type { TrackedAlerts } from "./step-rule.ts";
import { stepRule } from "./step-rule.ts";
import type { TrackedAlert } from "./tracked-alert.ts";

/** When scenarios begin: any time does. */
const startMs = Date.UTC(2026, 0, 5);

const maxSeries = 10_000;

/** Runs a scenario over the rules it names; says what was otherwise than it expects, nothing when all was as it says. */
export const runScenario = (scenario: Scenario, rules: readonly Rule[]): readonly string[] => {
  const expectedRules = scenario.expect.flatMap(({ pending, firing, resolved = [] }) => [
    ...pending,
    ...firing,
    ...resolved,
  ]);
  const named = new Set([...scenario.series, ...expectedRules].map(({ rule }) => rule));
  const known = rules.filter(({ name }) => named.has(name));
  const unknown = [...named].filter((name) => !known.some((rule) => rule.name === name));
  const misfed = known.flatMap((rule) => seriesProblems(rule, scenario));
  if (unknown.length > 0 || misfed.length > 0) {
    return [...unknown.map((name) => `there is no rule "${name}"`), ...misfed];
  }
  const lastLook = Math.max(...scenario.expect.map(({ at }) => Math.floor(at / scenario.every)));
  const stands = known.map((rule) => ({ rule, looks: standsOf(rule, scenario, lastLook) }));
  return scenario.expect.flatMap((expectation) => {
    const look = Math.floor(expectation.at / scenario.every);
    const nowMs = startMs + look * scenario.every;
    const alerts = stands.flatMap(({ rule, looks }) =>
      [...(looks[look]?.values() ?? [])].map((alert) => ({ rule: rule.name, alert })),
    );
    const inState = (wanted: TrackedAlert["state"]) => alerts.filter(({ alert }) => alert.state === wanted);
    const resolved = alerts.filter(({ alert }) => isToldResolved(alert, nowMs));
    return [
      ...differences(expectation.pending, inState("pending")).map((text) => `pending ${text}`),
      ...differences(expectation.firing, inState("firing")).map((text) => `firing ${text}`),
      ...(expectation.resolved === undefined
        ? []
        : differences(expectation.resolved, resolved).map((text) => `resolved ${text}`)),
    ].map((text) => `at ${expectation.at / 1000} s: ${text}`);
  });
};

/** A series that a rule cannot read would make the scenario prove nothing. */
const seriesProblems = (rule: Rule, { series }: Scenario): readonly string[] =>
  series
    .filter((given) => given.rule === rule.name)
    .flatMap(({ labels }) => rule.by.filter((column) => !Object.hasOwn(labels, column)))
    .map((column) => `a series of ${rule.name} has no label "${column}"`);

/** Where the alerts of a rule stand after each look. */
const standsOf = (rule: Rule, { series, every, amounts }: Scenario, lastLook: number): readonly TrackedAlerts[] => {
  const given = series.filter((one) => one.rule === rule.name);
  const limit = limitOf(rule.condition, amounts);
  const stands: TrackedAlerts[] = [];
  let alerts: TrackedAlerts = new Map();
  for (let look = 0; look <= lastLook && limit !== null; look += 1) {
    const answers = scenarioAnswers({ rule, given, look, everyMs: every });
    const nowMs = startMs + look * every;
    alerts = stepRule({ rule, limit, alerts, answers, nowMs, longestGapMs: 4 * every, maxSeries }).alerts;
    stands.push(alerts);
  }
  return stands;
};

interface FoundAlert {
  readonly rule: string;
  readonly alert: TrackedAlert;
}

/** What was expected and is not there, and what is there and was not expected. */
const differences = (expected: readonly ExpectedAlert[], found: readonly FoundAlert[]): readonly string[] => {
  const left = [...found];
  const missing = expected.filter((alert) => {
    const index = left.findIndex((candidate) => isMeant(alert, candidate));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [
    ...missing.map(({ rule, labels, annotations }) => `expected ${textOf(rule, { ...labels, ...annotations })}`),
    ...left.map(({ rule, alert }) => `not expected ${textOf(rule, { ...alert.labels, ...alert.annotations })}`),
  ];
};

const isMeant = (expected: ExpectedAlert, { rule, alert }: FoundAlert): boolean =>
  expected.rule === rule &&
  Object.entries(expected.labels).every(([name, text]) => alert.labels[name] === text) &&
  Object.entries(expected.annotations).every(([name, text]) => alert.annotations[name] === text);

const textOf = (rule: string, labels: Labels): string => `${rule} ${JSON.stringify(labels)}`;
