import { afterAll, beforeAll, beforeEach } from "vitest";
import { ruleFile, toRule } from "../../../alerts/rules/rule-schema.ts";
import { rulesConfig } from "../../../alerts/rules/rules-config.ts";
import type { RulesDeps } from "../../../alerts/rules/rules-deps.ts";
import { RuleWatch } from "../../../alerts/rules/run-rules.ts";
import type { Alert } from "../../../core/alert.ts";
import type { Call } from "../../../core/call.ts";
import { keptLog } from "../../processors/set-up-line.ts";
import { batchOf, callAt } from "../../store/batches.ts";
import type { Engine, OpenedStore } from "../../store/open-engine.ts";
import { makeEngine } from "../../store/open-engine.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

/** A minute in milliseconds. */
export const minuteMs = 60_000;
/** When time begins. */
export const startMs = Date.UTC(2026, 0, 12, 10);

/** A rule that fires when three in ten calls of a provider fail for half a minute. */
export const errors = {
  name: "errors",
  question: "providers",
  by: ["provider"],
  window: "1m",
  threshold: { share: { of: "errors", among: "calls" }, op: ">", value: 0.3 },
  for: "30s",
  labels: { severity: "page" },
  annotations: { summary: "{{ value }} of {{ calls }} calls to {{ provider }} fail" },
  action: "eject",
};

/** What a test does with the store and time of a rule watch. */
export interface WatchedRules {
  readonly opened: () => OpenedStore;
  readonly clock: () => VirtualClock;
  readonly given: (failed: number, of: number) => Promise<void>;
  /** The changes of alerts that are recorded: state and reason. */
  readonly recorded: () => Promise<readonly (readonly [unknown, unknown])[]>;
  readonly watching: (rules: readonly unknown[], deps?: Partial<RulesDeps>) => Watching;
}

/** A watch over some rules. */
export interface Watching {
  readonly watch: RuleWatch;
  readonly deps: RulesDeps;
  /** Moves time on and looks; resolves with what was told last. */
  readonly lookAfter: (ms: number) => Promise<readonly Alert[]>;
  readonly lines: readonly string[];
  readonly gauges: ReadonlyMap<string, number>;
}

/** Opens a fresh store and clock for each test of a file; to be called once, at its top. */
export const setUpRules = (): WatchedRules => {
  let engine: Engine;
  let opened: OpenedStore;
  let clock: VirtualClock;
  let databases = 0;
  let offset = 0;

  beforeAll(async () => {
    engine = await makeEngine();
  });

  beforeEach(async () => {
    databases += 1;
    clock = virtualClock(startMs);
    opened = await engine.open(`rules_${databases}`);
    await opened.store.migrate();
  });

  afterAll(async () => {
    await opened.close();
    await engine.remove();
  });

  const given = async (failed: number, of: number): Promise<void> => {
    const calls: readonly Call[] = Array.from({ length: of }, (_, index) => {
      offset += 1;
      const outcome = index < failed ? "provider_error" : "ok";
      return callAt(offset, { startedAtNs: BigInt(clock.nowMs()) * 1_000_000n, outcome });
    });
    await opened.store.append(batchOf(calls), { delivery: "first" });
  };

  const watching = (rules: readonly unknown[], deps: Partial<RulesDeps> = {}): Watching => {
    const { log, lines } = keptLog();
    const told: (readonly Alert[])[] = [];
    const gauges = new Map<string, number>();
    const all: RulesDeps = {
      store: opened.store,
      clock,
      log,
      meter: { add: () => {}, set: (name, value) => gauges.set(name, value), observe: () => {} },
      config: rulesConfig.parse({ settleSeconds: 0 }),
      rules: rules.length === 0 ? [] : ruleFile.parse({ rules }).rules.map(toRule),
      externalUrl: "http://console.example:8081",
      trust: () => ({ isTrusted: true, reason: "" }),
      deliver: async (alerts) => {
        told.push(alerts);
      },
      ...deps,
    };
    const watch = new RuleWatch(all);
    const lookAfter = async (ms: number): Promise<readonly Alert[]> => {
      clock.advance(ms);
      await watch.look();
      return told.at(-1) ?? [];
    };
    return { watch, deps: all, lookAfter, lines, gauges };
  };

  const recorded = async () =>
    (await opened.store.query("SELECT state, reason FROM alerts ORDER BY at, state")).map(
      ({ state, reason }) => [state, reason] as const,
    );
  return { opened: () => opened, clock: () => clock, given, recorded, watching };
};
