import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { TelemetryHealth, Trust } from "../../store/decide-trust.ts";
import { decideTrust } from "../../store/decide-trust.ts";
import type { Store } from "../../store/store.ts";
import { readHealth } from "../../store/telemetry-health.ts";
import type { TrustConfig } from "../../store/trust-config.ts";
import { MissingByTenant } from "./missing-by-tenant.ts";

/** What a watch needs. */
export interface TrustWatchDeps {
  readonly ask: Store["ask"];
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly config: TrustConfig;
}

/** Until then a start is not complained of: gateways start last, and report then. */
const startingMs = 30_000;

/** A stop does not wait longer for an answer that is under way. */
const stopMs = 2_000;

/** Looks at intervals whether what is stored can be trusted, shows it as metrics, and says when it changes. */
export class TrustWatch {
  readonly #deps: TrustWatchDeps;
  readonly #stopping = new AbortController();
  readonly #missing = new MissingByTenant();
  readonly #startedMs: number;
  #running: Promise<void> = Promise.resolve();
  #asking: Promise<void> | null = null;
  #health: TelemetryHealth | null = null;
  #told: boolean | null = null;
  #isAnswered = true;

  constructor(deps: TrustWatchDeps) {
    this.#deps = deps;
    this.#startedMs = deps.clock.monotonicMs();
  }

  /** Whether automatic actions may rely on what is stored, at this moment. */
  get current(): Trust {
    return decideTrust(this.#health, this.#deps.config, this.#deps.clock.nowMs());
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    const waited = new AbortController();
    await Promise.race([this.#asking, this.#deps.clock.sleep(stopMs, waited.signal)]);
    waited.abort();
  }

  /** A store that hangs is asked no further question, and is judged by how long ago it answered. */
  async #run(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#asking ??= this.#look().finally(() => {
        this.#asking = null;
        this.#tell();
      });
      this.#tell();
      await clock.sleep(config.everySeconds * 1_000, signal);
    }
  }

  async #look(): Promise<void> {
    const { ask, clock, config, log, meter } = this.#deps;
    const toMs = clock.nowMs();
    const range = { fromMs: toMs - config.windowMinutes * 60_000, toMs, stepSeconds: 3_600, where: {} };
    try {
      const [[row], byTenant] = await Promise.all([ask("telemetry_health", range), ask("completeness", range)]);
      this.#health = readHealth(row ?? {}, toMs);
      for (const [tenant, missing] of this.#missing.sum(byTenant)) {
        meter.set("telemetryMissing", missing, { tenant });
      }
      this.#isAnswered = true;
    } catch (error) {
      if (this.#isAnswered) {
        log.warn({ err: messageOf(error) }, "the store does not tell whether telemetry can be trusted");
      }
      this.#isAnswered = false;
    }
  }

  #tell(): void {
    const { clock, log, meter } = this.#deps;
    const trust = this.current;
    meter.set("telemetryTrusted", trust.isTrusted ? 1 : 0);
    meter.set("telemetryOldestUnstored", this.#health?.oldestUnstoredS ?? 0);
    meter.set("telemetryFreshness", this.#health?.freshnessP99S ?? Number.NaN);
    meter.set("telemetrySilentGateways", this.#health?.silentGateways ?? 0);
    const isStarting = this.#told === null && clock.monotonicMs() - this.#startedMs < startingMs;
    if (trust.isTrusted === this.#told || (isStarting && !trust.isTrusted)) {
      return;
    }
    const { cause, reason } = trust;
    if (!trust.isTrusted) {
      log.warn({ cause, reason }, "telemetry cannot be trusted: automatic actions are frozen");
    } else if (this.#told !== null) {
      log.info({ reason }, "telemetry can be trusted again");
    }
    this.#told = trust.isTrusted;
  }
}
