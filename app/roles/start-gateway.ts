import type { Bus } from "../../bus/bus.ts";
import { isShared } from "../../gateway/budgets/shared-spending.ts";
import { SpendingWatch } from "../../gateway/budgets/spending-watch.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { createGateway } from "../../gateway/gateway.ts";
import { PolicyWatch } from "../../gateway/policy/policy-watch.ts";
import { startTelemetry } from "../../gateway/telemetry/telemetry.ts";
import { loadPrices } from "../prices/load-prices.ts";
import type { Running, Runtime } from "../runtime.ts";
import { version } from "../version.ts";
import type { Following } from "./follow-config.ts";
import { followConfig } from "./follow-config.ts";
import { openBus } from "./open-bus.ts";
import { signingKey } from "./signing-key.ts";

/** Starts the gateway in this process: bus, telemetry, then the socket, so that no call comes before its record can be kept. */
export const startGateway = async (runtime: Runtime): Promise<Running> => {
  const { clock, log, meter, ids, folder } = runtime;
  const config = runtime.settings.config.gateway;
  const key = await signingKey(runtime);
  const bus = await openBus(runtime);
  const gatewayId = ids.next();
  const prices = await loadPrices(runtime.settings.config, clock.nowMs());
  const telemetry = await startTelemetry({
    dir: folder.spool,
    bus,
    clock,
    log,
    meter,
    config: config.spool,
    census: config.census,
    gatewayId,
    serviceVersion: version,
  });
  const gateway = createGateway({
    config,
    recorder: telemetry.recorder,
    spending: { prices, file: folder.budgets, gatewayId },
    bus,
    hasRoom: telemetry.hasRoom,
    clock,
    random: Math.random,
    log,
    meter,
    metricsText: meter.text,
  });
  const watch = new PolicyWatch({ bus, policy: gateway.policy, key, file: folder.policy, clock, log, meter });
  watch.start();
  const spending = await startSharing(runtime, { bus, gateway, gatewayId });
  const close = async (): Promise<void> => {
    await watch.stop();
    await spending?.stop();
    await telemetry.stop();
    await bus.close();
  };
  try {
    await gateway.listen();
  } catch (error) {
    await close();
    throw error;
  }
  const reloading = startReloading(runtime, { gateway, watch });
  return {
    lines: [`gateway   http://${config.host}:${config.port}/v1`],
    stop: async () => {
      await reloading.stop();
      await gateway.drain();
      await close();
    },
  };
};

/** Null where no limit is in dollars, or each gateway has a part of the limits for itself. */
const startSharing = async (
  { settings, clock, log, meter }: Runtime,
  args: { readonly bus: Bus; readonly gateway: Gateway; readonly gatewayId: string },
): Promise<SpendingWatch | null> => {
  const { budgets } = settings.config.gateway;
  if (!isShared(budgets)) return null;
  const { bus, gateway, gatewayId } = args;
  const { reportMs } = budgets;
  const watch = new SpendingWatch({ bus, budgets: gateway.budgets, gatewayId, reportMs, clock, log, meter });
  await watch.start();
  return watch;
};

/** Takes the routes anew when the configuration file changes or SIGHUP comes. */
const startReloading = (
  runtime: Runtime,
  { gateway, watch }: { readonly gateway: Gateway; readonly watch: PolicyWatch },
): Following => {
  const { clock, log } = runtime;
  const following = followConfig(runtime, ({ config }) => {
    gateway.reconfigure(config.gateway);
    watch.tellShares();
    loadPrices(config, clock.nowMs()).then(
      (prices) => gateway.budgets.reprice(prices),
      (error: unknown) =>
        log.error({ err: error }, "the prices of the routes cannot be read: budgets keep those they have"),
    );
  });
  process.on("SIGHUP", following.reload);
  return {
    ...following,
    stop: async () => {
      process.off("SIGHUP", following.reload);
      await following.stop();
    },
  };
};
