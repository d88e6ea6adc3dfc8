import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Clock } from "../../../core/clock.ts";
import { systemClock } from "../../../core/clock.ts";
import type { Log } from "../../../core/log.ts";
import type { Verdict } from "../../../core/verdict.ts";
import type { PolicyWatchDeps } from "../../../gateway/policy/policy-watch.ts";
import { PolicyWatch } from "../../../gateway/policy/policy-watch.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import type { HearingMeter } from "./hearing-meter.ts";
import { hearingMeter } from "./hearing-meter.ts";
import { verdictOf } from "./verdicts.ts";

/** The key that the verdicts of these tests are signed with. */
export const signingKey = "0123456789abcdef0123456789abcdef";

/** What its targets get while no verdict is in force. */
export const configuredShares = { a: 0.9, b: 0.1, c: 0 };

/** A verdict that is in force now, by the machine's clock. */
export const currentVerdict = (effect: Verdict["effect"], more: Parameters<typeof verdictOf>[1] = {}): Verdict =>
  verdictOf(effect, { issuedAtMs: Date.now(), expiresAtMs: Date.now() + 60_000, ...more });

/** A gateway of the route `r` with a: 90, b: 10 and the candidate c: 0, that obeys verdicts. */
export interface PolicyGateway extends TestGateway, HearingMeter {
  readonly watch: PolicyWatch;
  /** Log lines in order: the message, and the fields. */
  readonly lines: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  /** The part of the calls that each target is to get. */
  readonly shares: () => Readonly<Record<string, number>>;
  /** Makes a call and resolves with what its record says of the choice. */
  readonly call: (
    user?: string,
  ) => Promise<{ readonly variant: string; readonly reason: string; readonly version: string }>;
}

const routes = {
  r: {
    models: ["up-1"],
    targets: [
      { provider: "up", variant: "a", weight: 90 },
      { provider: "up", variant: "b", weight: 10 },
      { provider: "up", variant: "c", weight: 0 },
    ],
  },
};

/** Starts such a gateway; it is stopped when the test has finished. */
export const startPolicyGateway = async (
  args: Pick<PolicyWatchDeps, "bus"> & {
    readonly dir: string;
    readonly clock?: Clock;
    readonly key?: string | null;
  },
): Promise<PolicyGateway> => {
  const { bus, dir, clock = systemClock, key = signingKey } = args;
  const hearing = hearingMeter();
  const lines: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
  const write: Log["info"] = (fields, message) => void lines.push([message, fields]);
  const log = { info: write, warn: write, error: write };
  const started = await startTestGateway({ config: { routes }, deps: { clock, random: () => 0.5 } });
  const { policy } = started.gateway;
  const watch = new PolicyWatch({
    bus,
    policy,
    key,
    file: join(dir, "policy.jsonl"),
    clock,
    log,
    meter: hearing.meter,
  });
  watch.start();
  onTestFinished(async () => {
    await watch.stop();
    await started[Symbol.asyncDispose]();
  });
  return {
    ...started,
    ...hearing,
    watch,
    lines,
    shares: () => {
      const targets = policy.routes.byName.get("r")?.targets ?? [];
      const total = targets.reduce((sum, { weight }) => sum + weight, 0);
      return Object.fromEntries(targets.map(({ variant, weight }) => [variant, weight / total]));
    },
    call: async (user) => {
      const position = started.recorded.calls.length;
      await started.ask({ body: { ...hello, ...(user === undefined ? {} : { user }) } });
      const { start } = await started.recorded.ended(position);
      return { variant: start.variant, reason: start.routeReason, version: start.policyVersion };
    },
  };
};
