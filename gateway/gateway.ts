import type { Server } from "node:http";
import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf, PlumblineError } from "../core/errors.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import { AbortDrains } from "./abort-drains.ts";
import { Budgets } from "./budgets/budgets.ts";
import type { PriceBook } from "./budgets/token-prices.ts";
import { tickOf } from "./call-limits.ts";
import type { CallRecorder } from "./call-recorder.ts";
import { createCallerServer } from "./caller-server.ts";
import { CallsUnderWay } from "./calls-under-way.ts";
import type { GatewayConfig } from "./config.ts";
import type { GatewayState, RecordingRoom } from "./gateway-state.ts";
import { HealthBoard } from "./health/health-board.ts";
import { HedgeShares } from "./hedge/hedge-shares.ts";
import { createListener } from "./http-app.ts";
import { compileKeys } from "./keys/key-table.ts";
import { LoopLoad } from "./loop-load.ts";
import { LoopQueue } from "./loop-queue.ts";
import { PinWatch } from "./pin-watch.ts";
import { RoutingPolicy } from "./policy/routing-policy.ts";
import { ProviderKeys } from "./provider-keys/provider-keys.ts";
import { createProviders } from "./providers/create-providers.ts";
import { compileRoutes } from "./route-table.ts";
import { ShadowPlaces } from "./shadows/shadow-places.ts";

/** What a gateway needs. */
export interface GatewayDeps {
  readonly config: GatewayConfig;
  readonly recorder: CallRecorder;
  /** Absent keeps spending in memory, and no price is known. */
  readonly spending?: Spending;
  /** Where outcomes and scores of calls go. */
  readonly bus: Pick<Bus, "publish">;
  /** Whether a new call can be recorded; when not, it is refused with status 503. */
  readonly hasRoom: () => RecordingRoom;
  readonly clock: Clock;
  /** Uniform in [0, 1): spreads calls over targets. */
  readonly random: () => number;
  readonly log: Log;
  readonly meter: Meter;
  /** The text of `/metrics` in Prometheus' format. */
  readonly metricsText: () => string | Promise<string>;
}

/** What budgets need to know and to keep. */
export interface Spending {
  /** What the targets of the routes cost. */
  readonly prices: PriceBook;
  /** Where it is kept what was spent. */
  readonly file: string;
  /** Names this process in that file. */
  readonly gatewayId: string;
}

/** A gateway. */
export interface Gateway {
  /**
   * Takes other routes, virtual keys and keys of providers at once; calls under way end as they began. Throws `config.invalid`
   * when a provider is not running, and then nothing has changed.
   */
  readonly reconfigure: (config: Pick<GatewayConfig, "routes" | "contentPolicy" | "keys" | "providers">) => void;
  /** Where calls go; whoever follows verdicts changes it. */
  readonly policy: RoutingPolicy;
  readonly budgets: Budgets;
  /** Starts listening; rejects with `port.in_use` when the port is taken. */
  readonly listen: () => Promise<{ readonly host: string; readonly port: number }>;
  /** Stops accepting, lets calls under way finish for `drainMs`, ends the rest, and closes. Every call has its record then. */
  readonly drain: () => Promise<void>;
}

/** Makes a gateway; it does nothing until it listens. */
export const createGateway = (deps: GatewayDeps): Gateway => {
  const { config, clock, meter } = deps;
  const policy = new RoutingPolicy(compileRoutes(config.routes, config.contentPolicy, config.providers));
  let keys = compileKeys(config.keys);
  const providerKeys = new ProviderKeys(config, deps);
  const budgets = createBudgets(deps);
  let isDraining = false;
  const state: GatewayState = {
    ...deps,
    policy,
    budgets,
    get routes() {
      return policy.routes;
    },
    get keys() {
      return keys;
    },
    providers: createProviders(config.providers, { clock, connectMs: config.timeouts.connectMs }),
    get keyRings() {
      return providerKeys.rings;
    },
    providerKeys,
    pins: new PinWatch(deps),
    health: new HealthBoard({ config: config.breaker, meter, log: deps.log }),
    underWay: createUnderWay(deps),
    ...watchLoop(clock),
    drains: new AbortDrains(config.abortDrain, (size) => meter.set("gatewayDrains", size)),
    shadows: new ShadowPlaces(config.shadowsUnderWay),
    hedges: new HedgeShares(),
    isDraining: () => isDraining,
  };
  const server = createCallerServer(createListener(state), deps);
  let drained: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    isDraining = true;
    const closed = close(server);
    await state.underWay.drain(config.drainMs);
    server.closeAllConnections();
    await closed;
    budgets.stop();
    await Promise.all([...state.providers.values()].map((provider) => provider.close()));
  };
  return {
    policy,
    budgets,
    reconfigure: (now) => {
      checkProviders(now.routes, state.providers);
      const routes = compileRoutes(now.routes, now.contentPolicy, config.providers);
      keys = compileKeys(now.keys);
      policy.reconfigure(routes, clock.nowMs());
      providerKeys.reconfigure(now.providers);
      state.underWay.retick(tickOf({ timeouts: config.timeouts, routes: now.routes }));
    },
    listen: () => listen(server, config),
    drain: () => {
      drained ??= drain();
      return drained;
    },
  };
};

const watchLoop = (clock: Clock): Pick<GatewayState, "queue" | "load"> => ({
  queue: new LoopQueue(clock),
  load: new LoopLoad(clock),
});

const createUnderWay = ({ config, clock, meter }: GatewayDeps): CallsUnderWay =>
  new CallsUnderWay({ clock, tickMs: tickOf(config), onSize: (size) => meter.set("gatewayInFlight", size) });

const createBudgets = (deps: GatewayDeps): Budgets =>
  new Budgets({
    prices: new Map(),
    file: null,
    gatewayId: "",
    ...deps.spending,
    ...deps,
    config: deps.config.budgets,
    userHashKey: deps.config.userHashKey ?? "",
  });

/** Providers are made at the start, with their connections: a route to one that is new has to wait for a restart. */
const checkProviders = (routes: GatewayConfig["routes"], running: ReadonlyMap<string, unknown>): void => {
  const named = Object.values(routes).flatMap(({ targets }) => targets.map(({ provider }) => provider));
  const missing = named.filter((provider) => !running.has(provider));
  if (missing.length > 0) {
    throw new PlumblineError("config.invalid", `routes name providers that need a restart: ${missing.join(", ")}`);
  }
};

const listen = (server: Server, config: GatewayConfig): Promise<{ readonly host: string; readonly port: number }> =>
  new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, config)));
    server.listen(config.port, config.host, () => {
      const address = server.address();
      resolve({
        host: config.host,
        port: typeof address === "object" && address !== null ? address.port : config.port,
      });
    });
  });

const listenError = (error: Error, { host, port }: GatewayConfig): PlumblineError =>
  "code" in error && error.code === "EADDRINUSE"
    ? new PlumblineError("port.in_use", `${host}:${port} is in use`, { cause: error })
    : new PlumblineError("gateway.internal", `cannot listen on ${host}:${port}: ${messageOf(error)}`, { cause: error });

/** Resolves when the server has let go of its last connection; one that never listened has none. */
const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });
