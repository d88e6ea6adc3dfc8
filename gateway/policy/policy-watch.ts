import type { Bus } from "../../bus/bus.ts";
import type { Clock } from "../../core/clock.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import { topics } from "../../core/topics.ts";
import type { Verdict } from "../../core/verdict.ts";
import { subjectOf, verdictSignatureHeader } from "../../core/verdict.ts";
import { PolicyKeeper } from "./policy-keeper.ts";
import { PolicyVoice } from "./policy-voice.ts";
import type { Offered, RoutingPolicy } from "./routing-policy.ts";
import type { SignedBytes } from "./verdict-record.ts";
import { readVerdict } from "./verdict-record.ts";

/** What a watch works with. */
export interface PolicyWatchDeps {
  readonly bus: Pick<Bus, "follow">;
  readonly policy: RoutingPolicy;
  /** Key of the verdicts' signatures; null when none is known, and then no verdict is obeyed. */
  readonly key: string | null;
  /** Where the verdicts are kept for a start without the bus. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

const minPauseMs = 200;
const maxPauseMs = 5_000;
/** Timers count no more than 24 days, and the wall clock may be set meanwhile. */
const maxSleepMs = 60_000;

/** Follows the verdicts on the bus and keeps a gateway's policy by them, whether or not the bus is there. */
export class PolicyWatch {
  readonly #deps: PolicyWatchDeps;
  readonly #voice: PolicyVoice;
  readonly #keeper: PolicyKeeper;
  readonly #stopping = new AbortController();
  #rearming = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(deps: PolicyWatchDeps) {
    this.#deps = deps;
    this.#voice = new PolicyVoice(deps);
    this.#keeper = new PolicyKeeper({ file: deps.file, onError: (error) => this.#voice.tellFailure(error) });
  }

  /** Takes up what was kept on disk, at once, then follows the bus. */
  start(): void {
    for (const signed of this.#keeper.load()) this.#takeKept(signed);
    this.#voice.tellShares();
    this.#running = Promise.all([this.#follow(), this.#expire()]);
  }

  /** Resolves when nothing runs any more and what is known is on disk. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#rearming.abort();
    await this.#running;
    await this.#keeper.settled();
  }

  /** The configured routes have changed, and with them the shares. */
  tellShares(): void {
    this.#voice.tellShares();
  }

  async #follow(): Promise<void> {
    const { bus, clock } = this.#deps;
    const { signal } = this.#stopping;
    const onError = (error: unknown): void => this.#voice.tellFailure(error);
    for (let pauseMs = minPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        for await (const { value, headers } of bus.follow(topics.verdicts, { signal, onError })) {
          pauseMs = minPauseMs;
          this.#voice.tellRecovery();
          this.#take({ value, signature: headers[verdictSignatureHeader] });
        }
      } catch (error) {
        onError(error);
      }
      await clock.sleep(pauseMs, signal);
    }
  }

  /** Lets go of each verdict when it expires, bus or no bus. */
  async #expire(): Promise<void> {
    const { clock, policy } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      if (policy.refresh(clock.nowMs()).hasMoved) this.#voice.tellExpiry();
      const nowMs = clock.nowMs();
      const sleepMs = Math.min((policy.nextExpiryMs(nowMs) ?? Number.POSITIVE_INFINITY) - nowMs, maxSleepMs);
      await clock.sleep(sleepMs, this.#rearming.signal);
      if (this.#rearming.signal.aborted) this.#rearming = new AbortController();
    }
  }

  #take(signed: SignedBytes): void {
    const reading = readVerdict(signed, this.#deps.key);
    if (!reading.ok) {
      this.#voice.tellRefusal(reading.reason);
      return;
    }
    const offered = this.#offer(reading.verdict, signed);
    this.#voice.tell(reading.verdict, offered);
    if (offered.isLatest) {
      this.#keeper.save();
      this.#rearming.abort();
    }
  }

  #takeKept(signed: SignedBytes): void {
    const reading = readVerdict(signed, this.#deps.key);
    if (reading.ok) this.#offer(reading.verdict, signed);
  }

  #offer(verdict: Verdict, signed: SignedBytes): Offered {
    const offered = this.#deps.policy.offer(verdict, this.#deps.clock.nowMs());
    if (offered.isLatest) this.#keeper.keep(subjectOf(verdict.effect), signed);
    return offered;
  }
}
