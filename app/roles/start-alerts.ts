import { Alerts } from "../../alerts/alerts.ts";
import { publishVerdict } from "../../alerts/verdicts/publish-verdict.ts";
import { whileLeading } from "../../alerts/while-leading.ts";
import type { Bus } from "../../bus/bus.ts";
import type { Trust } from "../../store/decide-trust.ts";
import type { Store } from "../../store/store.ts";
import { gatewayUrlOf } from "../probes/gateway-url-of.ts";
import { Probes } from "../probes/run-probes.ts";
import { namedRules } from "../rules/named-rules.ts";
import type { Running, Runtime } from "../runtime.ts";
import { followConfig } from "./follow-config.ts";
import { routePlans } from "./route-plans.ts";
import { signingKey } from "./signing-key.ts";

/** The alerts role, with what it offers to those who ask it. */
export interface RunningAlerts extends Running {
  /** Null while another process leads; where this one begins to, it waits until that is done. */
  readonly current: () => Promise<Alerts | null>;
}

/** What the alerts role reads and writes. */
export interface AlertsPorts {
  readonly bus: Bus;
  readonly store: Store;
  readonly trust: () => Trust;
}

/** Starts the alerts role: it works while this process leads. Without a key to sign with there are no verdicts, and so no role. */
export const startAlerts = async (runtime: Runtime, { bus, store, trust }: AlertsPorts): Promise<RunningAlerts> => {
  const { clock, ids, log, meter, settings } = runtime;
  const key = await signingKey(runtime);
  const rules = namedRules("all", settings.config.alerts.rules);
  if (key === null) {
    return { lines: [], current: async () => null, stop: async () => {} };
  }
  let plans = routePlans(settings.config.gateway);
  const following = followConfig(runtime, ({ config }) => {
    plans = routePlans(config.gateway);
  });
  let leading: Alerts | null = null;
  // Before it has taken up what was kept, nothing may be built on it.
  let isReady = false;
  let starting: Promise<void> = Promise.resolve();
  let probes: Probes | null = null;
  const subscription = whileLeading(
    { bus, clock, log },
    {
      start: async () => {
        leading = new Alerts({
          store,
          publish: (verdict) => publishVerdict(bus, verdict, key),
          trust,
          rules,
          fetch: (url, init) => fetch(url, init),
          random: Math.random,
          routes: () => plans,
          leastAnswers: settings.config.processors.drift.leastAnswers,
          config: settings.config.alerts,
          ...{ clock, ids, log, meter },
        });
        starting = leading.start();
        await starting;
        isReady = true;
        probes = new Probes({
          ...{ probes: settings.config.probes, gatewayUrl: gatewayUrlOf(settings.config.gateway) },
          ...{ fetch, store, clock, log, meter },
        });
        probes.start();
      },
      stop: async () => {
        isReady = false;
        await probes?.stop();
        probes = null;
        await leading?.stop();
        leading = null;
      },
    },
  );
  return {
    lines: [],
    current: async () => {
      await starting.catch(() => {});
      return isReady ? leading : null;
    },
    stop: async () => {
      await following.stop();
      await subscription.stop();
    },
  };
};
