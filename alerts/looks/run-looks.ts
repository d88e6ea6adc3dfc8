import { z } from "zod";
import type { ArmTally } from "../../core/arms.ts";
import type { Clock } from "../../core/clock.ts";
import { isRetryable, messageOf } from "../../core/errors.ts";
import type { RoleState } from "../../core/events.ts";
import type { Log } from "../../core/log.ts";
import type { Store } from "../../store/store.ts";
import type { KeptState, Look, LookTaker } from "./look.ts";
import type { LooksConfig } from "./looks-config.ts";

/** What looks are made with. */
export interface LooksDeps {
  readonly store: Pick<Store, "readArms" | "readUnitArms" | "readStates" | "saveStates">;
  readonly takers: readonly LookTaker[];
  readonly config: LooksConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** Under whom looks, and what they led to, are kept. */
export const looksOwner = "looks";
const cursorKey = "cursor";
/** Looks that are left out before one asks whether somebody else leads. */
const pausedLooks = 3;
/** A wait that is no matter of clocks that differ a little, in milliseconds. */
const longWaitMs = 60_000;
const cursor = z.object({ toMs: z.number() });

/**
 * Looks every few seconds at what came of the targets of all routes and hands it to those who judge them. Where a look ended is
 * saved in one insert with what it led to, so that after a crash it is taken again whole, or not at all.
 */
export class Looks {
  readonly #deps: LooksDeps;
  readonly #stopping = new AbortController();
  #lastMs = 0;
  #sequence = 0;
  #running: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isWaiting = false;
  /** When it was last known that nobody else had saved anything, by the monotonic clock. */
  #keptAtMs = 0;

  constructor(deps: LooksDeps) {
    this.#deps = deps;
  }

  /** Takes up what was saved, finishes what was begun, and goes on from there. */
  async start(): Promise<void> {
    await this.load();
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Takes up what was saved; the first look begins where the last one ended. */
  async load(): Promise<void> {
    this.#takeUp(await this.#deps.store.readStates(looksOwner));
  }

  #takeUp(states: readonly RoleState[]): void {
    const { takers, clock } = this.#deps;
    this.#keptAtMs = clock.monotonicMs();
    this.#sequence = Math.max(0, ...states.map(({ sequence }) => sequence));
    const at = states.find(({ key }) => key === cursorKey);
    this.#lastMs = at === undefined ? clock.nowMs() : cursor.parse(JSON.parse(at.state)).toMs;
    for (const taker of takers) {
      taker.load(states.filter(({ key }) => key.startsWith(taker.prefix)));
    }
  }

  /** Takes one look at what has come since the last; resolves when what follows from it is done. */
  async look(): Promise<void> {
    const { clock, config, store, takers } = this.#deps;
    await this.#isOvertaken();
    const toMs = clock.nowMs() - config.settleSeconds * 1_000;
    this.#sayWait(this.#lastMs - toMs);
    if (toMs <= this.#lastMs) {
      return;
    }
    const fromMs = Math.max(this.#lastMs, toMs - config.longestMinutes * 60_000);
    const look: Look = { fromMs, toMs, arms: await store.readArms({ fromMs, toMs }), units: await this.#units(toMs) };
    const kept = takers.flatMap((taker) => taker.take(look));
    if (await this.#isOvertaken()) {
      return;
    }
    await this.keep([...kept, { key: cursorKey, state: JSON.stringify({ toMs }) }]);
    this.#lastMs = toMs;
    this.#keptAtMs = clock.monotonicMs();
    for (const taker of takers) {
      await taker.act(look);
    }
  }

  /** Where the clock was put back nothing is looked at until it is past the last look: what was stored then was counted already. */
  #sayWait(waitMs: number): void {
    const { log } = this.#deps;
    const isWaiting = waitMs >= longWaitMs || (this.#isWaiting && waitMs >= 0);
    if (isWaiting && !this.#isWaiting) {
      log.error(
        { waitMs },
        "the clock is behind the last look at the targets of routes: they are not looked at until it has passed that",
      );
    }
    if (!isWaiting && this.#isWaiting) {
      log.info({}, "the clock has passed the last look: the targets of routes are looked at again");
    }
    this.#isWaiting = isWaiting;
  }

  /**
   * Whether another process has led while this one stood still, such as a machine that was paused: before this one hears that it leads
   * no more, it must not save what it knows over what that one saved. Then that is taken up.
   */
  async #isOvertaken(): Promise<boolean> {
    const { clock, config, store } = this.#deps;
    if (clock.monotonicMs() - this.#keptAtMs <= config.everySeconds * 1_000 * pausedLooks) {
      return false;
    }
    const states = await store.readStates(looksOwner);
    if (states.every(({ sequence }) => sequence <= this.#sequence)) {
      return false;
    }
    this.#takeUp(states);
    return true;
  }

  /** Keeps states at once: all of them, or none when it rejects. */
  async keep(states: readonly KeptState[]): Promise<void> {
    this.#sequence = Math.max(this.#sequence + 1, this.#deps.clock.nowMs());
    const sequence = this.#sequence;
    await this.#deps.store.saveStates(
      looksOwner,
      states.map((state) => ({ ...state, sequence })),
    );
  }

  async #units(toMs: number): Promise<ReadonlyMap<string, readonly (readonly ArmTally[])[]>> {
    const { store, takers } = this.#deps;
    const units = new Map<string, readonly (readonly ArmTally[])[]>();
    for (const { key, spans } of takers.flatMap((taker) => taker.unitsWanted?.(toMs) ?? [])) {
      units.set(key, await Promise.all(spans.map((span) => store.readUnitArms(span))));
    }
    return units;
  }

  async #run(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#lookPatiently();
      await clock.sleep(config.everySeconds * 1_000, signal);
    }
  }

  /** What was taken and could not be saved is forgotten: what is saved holds. */
  async #lookPatiently(): Promise<void> {
    const { log } = this.#deps;
    try {
      if (this.#isFailing) {
        await this.load();
      }
      await this.look();
      if (this.#isFailing) {
        log.info({}, "the targets of routes are looked at again");
      }
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) {
        log[isRetryable(error) ? "warn" : "error"](
          { err: messageOf(error) },
          "the targets of routes are not looked at",
        );
      }
      this.#isFailing = true;
    }
  }
}
