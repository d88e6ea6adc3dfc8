import type { Bus } from "../bus/bus.ts";
import type { Clock } from "../core/clock.ts";
import type { Meter } from "../core/instruments.ts";
import type { Log } from "../core/log.ts";
import type { AbortDrains } from "./abort-drains.ts";
import type { Budgets } from "./budgets/budgets.ts";
import type { CallRecorder } from "./call-recorder.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import type { GatewayConfig } from "./config.ts";
import type { HealthBoard } from "./health/health-board.ts";
import type { HedgeShares } from "./hedge/hedge-shares.ts";
import type { KeyTable } from "./keys/key-table.ts";
import type { LoopLoad } from "./loop-load.ts";
import type { LoopQueue } from "./loop-queue.ts";
import type { PinWatch } from "./pin-watch.ts";
import type { RoutingPolicy } from "./policy/routing-policy.ts";
import type { KeyRing } from "./provider-keys/key-ring.ts";
import type { ProviderKeys } from "./provider-keys/provider-keys.ts";
import type { Provider } from "./providers/provider.ts";
import type { RouteTable } from "./route-table.ts";
import type { ShadowPlaces } from "./shadows/shadow-places.ts";

/** Why no new call can be recorded. */
export type NoRoomCode = "spool.full" | "spool.unwritable" | "data.in_use";

/** Whether a new call can be recorded; when not, why. */
export type RecordingRoom =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: NoRoomCode; readonly reason: string };

/** What every request handler works with. */
export interface GatewayState {
  readonly config: GatewayConfig;
  readonly recorder: CallRecorder;
  /** Where outcomes and scores of calls go. */
  readonly bus: Pick<Bus, "publish">;
  readonly hasRoom: () => RecordingRoom;
  /** The routes that a call takes now: verdicts change them at any time, so a call reads them once. */
  readonly routes: RouteTable;
  readonly policy: RoutingPolicy;
  /** The virtual keys as they are configured now. */
  readonly keys: KeyTable;
  readonly budgets: Budgets;
  readonly providers: ReadonlyMap<string, Provider>;
  /** The keys of the providers that have several, by name of the provider, as they are configured now. */
  readonly keyRings: ReadonlyMap<string, KeyRing>;
  /** The keys of the providers that have one. */
  readonly providerKeys: Pick<ProviderKeys, "singleKey">;
  /** How every target does, for the choice among them. */
  readonly health: HealthBoard;
  readonly underWay: CallsUnderWay;
  readonly queue: LoopQueue;
  readonly load: LoopLoad;
  readonly pins: PinWatch;
  /** Places for answers that are read on without a caller. */
  readonly drains: AbortDrains;
  /** Places for calls that are sent a second time. */
  readonly shadows: ShadowPlaces;
  /** How many calls of each route may still be hedged. */
  readonly hedges: HedgeShares;
  readonly isDraining: () => boolean;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  readonly meter: Meter;
  /** The text of `/metrics` in Prometheus' format. */
  readonly metricsText: () => string | Promise<string>;
}
