import type { Sign } from "../health/breaker.ts";
import { Breaker } from "../health/breaker.ts";
import type { KeyPauseConfig, ProviderKeyConfig } from "./key-ring-config.ts";
import { MinuteWindow } from "./minute-window.ts";

/** Why a key cannot be used: its minute is full, the provider has limited it, or has refused it. */
export type KeyState = "ready" | "full" | "limited" | "refused";

/** One of several keys of a provider: what it has been used for, and whether it rests. All times are monotonic milliseconds. */
export class ProviderKey {
  #config: ProviderKeyConfig;
  readonly #requests = new MinuteWindow();
  readonly #tokens = new MinuteWindow();
  /** A single refusal takes the key out, however many attempts went well before. */
  readonly #refusals: Breaker;
  #limitedUntilMs = 0;

  constructor(config: ProviderKeyConfig, { refusedMs, maxMs }: KeyPauseConfig) {
    this.#config = config;
    const always = { windowMs: 1, minCalls: 1, failureShare: Number.MIN_VALUE };
    this.#refusals = new Breaker({ ...always, openMs: refusedMs, maxOpenMs: maxMs });
  }

  get config(): ProviderKeyConfig {
    return this.#config;
  }

  /** Takes other limits and another weight for the same key; what it was used for stays counted. */
  reconfigure(config: ProviderKeyConfig): void {
    this.#config = config;
  }

  /** Whether an attempt that may come to so many tokens can be sent with it, and if not, why. */
  stateAt(tokens: number, nowMs: number): KeyState {
    if (!this.#refusals.mayTake(nowMs)) return "refused";
    if (nowMs < this.#limitedUntilMs) return "limited";
    return this.#fullMs(tokens, nowMs) > 0 ? "full" : "ready";
  }

  /** Milliseconds until such an attempt can be sent with it, if nothing else is; 0 where only the end of a try can tell. */
  waitMs(tokens: number, nowMs: number): number {
    const limitedMs = this.#limitedUntilMs - nowMs;
    return Math.max(this.#refusals.waitMs(nowMs), limitedMs, this.#fullMs(tokens, nowMs));
  }

  /** An attempt is sent with it. Returns the second in which its tokens count. */
  begin(tokens: number, nowMs: number): number {
    this.#refusals.begin(nowMs);
    this.#requests.add(1, nowMs);
    return this.#tokens.add(this.reservable(tokens), nowMs);
  }

  /** What is reserved of so many tokens: one attempt that alone is above the limit takes the whole of a minute. */
  reservable(tokens: number): number {
    return Math.min(tokens, this.#config.tokensPerMinute ?? tokens);
  }

  /** An attempt came to more or fewer tokens than were reserved for it in that second. */
  settle(second: number, difference: number, nowMs: number): void {
    this.#tokens.change(second, difference, nowMs);
  }

  /** An attempt has ended that began at `beganMs`; `failing` is one that the provider refused for its key. */
  learn(sign: Sign, nowMs: number, beganMs: number): void {
    this.#refusals.end(sign, nowMs, beganMs);
  }

  /** The provider has asked for a rest until a time. */
  limit(untilMs: number): void {
    this.#limitedUntilMs = Math.max(this.#limitedUntilMs, untilMs);
  }

  #fullMs(tokens: number, nowMs: number): number {
    const { requestsPerMinute, tokensPerMinute } = this.#config;
    const requestsMs = requestsPerMinute === undefined ? 0 : this.#requests.waitMs(requestsPerMinute - 1, nowMs);
    const most = (tokensPerMinute ?? 0) - this.reservable(tokens);
    return Math.max(requestsMs, tokensPerMinute === undefined ? 0 : this.#tokens.waitMs(most, nowMs));
  }
}
