import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { LeaseEnd } from "./key-lease.ts";
import { KeyLease } from "./key-lease.ts";
import type { KeyPauseConfig, ProviderKeyConfig } from "./key-ring-config.ts";
import type { KeyState } from "./provider-key.ts";
import { ProviderKey } from "./provider-key.ts";

/** What a ring works with. */
export interface KeyRingArgs {
  /** Name of the provider's entry in the configuration. */
  readonly provider: string;
  readonly keys: readonly ProviderKeyConfig[];
  readonly pauses: KeyPauseConfig;
  readonly meter: Meter;
  readonly log: Log;
}

/** An attempt that asks for a key. */
export interface KeyDemand {
  /** Most tokens that it can come to. */
  readonly tokens: number;
  /** Monotonic, in milliseconds. */
  readonly nowMs: number;
  /** Name of a key that will not do; null where all will. */
  readonly except: string | null;
}

/** Why no key of a provider can be used, and in how many milliseconds one may be. */
export interface KeyObstacle {
  /** `keys_refused` where the provider has refused every one of them. */
  readonly reason: "keys_busy" | "keys_refused";
  readonly waitMs: number;
}

/** A key for an attempt, or why there is none. */
export type KeyGrant =
  | { readonly ok: true; readonly lease: KeyLease }
  | { readonly ok: false; readonly obstacle: KeyObstacle };

/** Waited at least before asking again: a key that is being tried has no time at which it is known to be well. */
const leastWaitMs = 1_000;

/** The keys of one provider. Nothing else runs between the look at their limits and the count of an attempt. */
export class KeyRing {
  readonly #args: KeyRingArgs;
  #keys: readonly ProviderKey[];

  constructor(args: KeyRingArgs) {
    this.#args = args;
    this.#keys = args.keys.map((key) => new ProviderKey(key, args.pauses));
  }

  /** Takes other keys. One with the name and the text of one that is there is the same, and keeps what was counted of it. */
  reconfigure(keys: readonly ProviderKeyConfig[]): void {
    const before = this.#keys;
    this.#keys = keys.map((config) => {
      const known = before.find((key) => key.config.name === config.name && key.config.key === config.key);
      known?.reconfigure(config);
      return known ?? new ProviderKey(config, this.#args.pauses);
    });
  }

  /** Whether the tokens of an attempt matter to any key. */
  get countsTokens(): boolean {
    return this.#keys.some(({ config }) => config.tokensPerMinute !== undefined);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Milliseconds that a key rests whose provider limits it and does not say for how long. */
  get limitedMs(): number {
    return this.#args.pauses.limitedMs;
  }

  /** Why no key can be used for an attempt; null when one can. */
  obstacle(demand: KeyDemand): KeyObstacle | null {
    const states = this.#keys.map((key) => stateOf(key, demand));
    if (states.includes("ready")) return null;
    const waits = this.#keys.map((key) => key.waitMs(demand.tokens, demand.nowMs));
    const reason = states.every((state) => state === "refused") ? "keys_refused" : "keys_busy";
    return { reason, waitMs: Math.max(leastWaitMs, Math.min(...waits)) };
  }

  /** How every key does, by name: `full` where not even a smallest attempt can be sent with it. */
  report(nowMs: number): Readonly<Record<string, KeyState>> {
    return Object.fromEntries(this.#keys.map((key) => [key.config.name, key.stateAt(0, nowMs)]));
  }

  /** Picks a key by weight among those that can be used, and counts the attempt; `u` is uniform in [0, 1). */
  take(demand: KeyDemand, u: number): KeyGrant {
    const ready = this.#keys.filter((key) => stateOf(key, demand) === "ready");
    const key = pickByWeight(ready, u);
    const obstacle = key === null ? this.obstacle(demand) : null;
    if (key === null) return { ok: false, obstacle: obstacle ?? { reason: "keys_busy", waitMs: leastWaitMs } };
    const { name, key: secret } = key.config;
    const second = key.begin(demand.tokens, demand.nowMs);
    const reserved = key.reservable(demand.tokens);
    this.#args.meter.add("providerKeyRequests", 1, { provider: this.#args.provider, key: name });
    const onEnd = (end: LeaseEnd, nowMs: number): void =>
      this.#end({ key, second, reserved, beganMs: demand.nowMs, end, nowMs });
    return { ok: true, lease: new KeyLease({ name, secret }, onEnd) };
  }

  #end({ key, second, reserved, beganMs, end, nowMs }: EndArgs): void {
    const { meter, provider, pauses } = this.#args;
    if (end.tokens !== null) {
      key.settle(second, end.tokens - reserved, nowMs);
      meter.add("providerKeyTokens", end.tokens, { provider, key: key.config.name });
    }
    const before = key.stateAt(0, nowMs);
    key.learn(end.sign, nowMs, beganMs);
    if (end.isLimited) {
      key.limit(Math.min(end.retryAtMs ?? nowMs + pauses.limitedMs, nowMs + pauses.maxMs));
    }
    this.#tell({ key, before, after: key.stateAt(0, nowMs), nowMs });
  }

  #tell({ key, before, after, nowMs }: Change): void {
    const { meter, log, provider } = this.#args;
    const { name } = key.config;
    const rests = after === "refused" || after === "limited";
    // A key that was taken out meanwhile is nobody's concern.
    if (before === after || !rests || !this.#keys.includes(key)) return;
    meter.add("providerKeyRests", 1, { provider, key: name, reason: after });
    log.warn({ provider, key: name, reason: after, restMs: key.waitMs(0, nowMs) }, "a provider's key rests");
  }
}

interface EndArgs {
  readonly key: ProviderKey;
  readonly second: number;
  readonly reserved: number;
  readonly beganMs: number;
  readonly end: LeaseEnd;
  readonly nowMs: number;
}

interface Change {
  readonly key: ProviderKey;
  readonly before: KeyState;
  readonly after: KeyState;
  readonly nowMs: number;
}

const stateOf = (key: ProviderKey, { tokens, nowMs, except }: KeyDemand): KeyState =>
  key.config.name === except ? "full" : key.stateAt(tokens, nowMs);

const pickByWeight = (keys: readonly ProviderKey[], u: number): ProviderKey | null => {
  let left = u * keys.reduce((sum, { config }) => sum + config.weight, 0);
  for (const key of keys) {
    left -= key.config.weight;
    if (left < 0) return key;
  }
  // Rounding may leave `left` at 0 after every key.
  return keys.at(-1) ?? null;
};
