import type { Bus } from "../../bus/bus.ts";
import type { Extra } from "../../dashboards/console/extra.ts";
import { startProcessors } from "../../processors/processors.ts";
import type { StoreConfig } from "../../store/config.ts";
import type { Store } from "../../store/store.ts";
import type { Running, Runtime } from "../runtime.ts";
import { TrustWatch } from "../trust/watch-trust.ts";
import { version } from "../version.ts";
import { alertsExtra } from "./alerts-extra.ts";
import { openBus } from "./open-bus.ts";
import { openOwnStore, openReadStore } from "./open-store.ts";
import type { RoleName } from "./role-names.ts";
import { startAlerts } from "./start-alerts.ts";
import { startConsole } from "./start-console.ts";
import { startHealth } from "./start-health.ts";

/** Most time that records still on the bus may take to be stored at a stop; what is left is durable and stored next time. */
const drainMs = 30_000;

/** Roles that write to the store. */
const writers: readonly RoleName[] = ["processors", "alerts"];

/** Starts the roles behind the bus in one process, which owns the embedded store. */
export const startPipeline = async (runtime: Runtime, roles: readonly RoleName[]): Promise<Running> => {
  const isWriter = writers.some((role) => roles.includes(role));
  const owns = isWriter || isServedToWriters(runtime.settings.config.store);
  const opened = await (owns ? openOwnStore(runtime) : openReadStore(runtime));
  const parts: Running[] = [{ lines: opened.lines, stop: opened.close }];
  let extra: Extra | undefined;
  try {
    const bus = isWriter ? await openBus(runtime) : null;
    if (bus !== null) {
      parts.push({ lines: [], stop: () => bus.close() });
    }
    if (bus !== null && roles.includes("processors")) {
      parts.push(startProcessing(runtime, { bus, store: opened.store }));
    }
    const trust = startTrustWatch(runtime, opened.store);
    parts.push({ lines: [], stop: () => trust.stop() });
    if (bus !== null && roles.includes("alerts")) {
      const alerts = await startAlerts(runtime, { bus, store: opened.store, trust: () => trust.current });
      parts.push(alerts);
      extra = alertsExtra(runtime, { store: opened.store, current: alerts.current });
    }
    const { store } = opened;
    parts.push(
      await (roles.includes("console") ? startConsole(runtime, { store, extra }) : startHealth(runtime, extra)),
    );
  } catch (error) {
    await stopReversed(parts);
    throw error;
  }
  return { lines: parts.toReversed().flatMap((part) => part.lines), stop: () => stopReversed(parts) };
};

/** Whether this process is to own an embedded store for processors that run elsewhere. */
const isServedToWriters = (config: StoreConfig): boolean =>
  config.kind === "embedded" && config.http.enabled && config.http.writer !== undefined;

const startProcessing = (runtime: Runtime, ports: { readonly bus: Bus; readonly store: Store }): Running => {
  const { clock, log, meter, settings } = runtime;
  const processors = startProcessors({ ...ports, clock, log, meter, config: settings.config.processors, version });
  return {
    lines: [],
    stop: async () => {
      if (!(await processors.drain(drainMs))) {
        log.warn({ drainMs }, "records are left on the bus; they are durable and will be stored at the next start");
      }
      await processors.stop();
    },
  };
};

const startTrustWatch = ({ clock, log, meter, settings }: Runtime, { ask }: Store): TrustWatch => {
  const watch = new TrustWatch({ ask, clock, log, meter, config: settings.config.store.trust });
  watch.start();
  return watch;
};

const stopReversed = async (parts: readonly Running[]): Promise<void> => {
  for (const part of parts.toReversed()) {
    await part.stop();
  }
};
