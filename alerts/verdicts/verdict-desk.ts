import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../core/clock.ts";
import type { Ids } from "../../core/ids.ts";
import type { Meter } from "../../core/instruments.ts";
import type { Log } from "../../core/log.ts";
import type { Verdict, VerdictEffect } from "../../core/verdict.ts";
import { subjectOf } from "../../core/verdict.ts";
import type { Store } from "../../store/store.ts";
import type { Guarded, Proposal } from "./guard-verdict.ts";
import { guardVerdict } from "./guard-verdict.ts";
import { movedBy } from "./moved-by.ts";
import type { RoutesNow } from "./route-plan.ts";
import type { VerdictContent } from "./stamp-verdict.ts";
import { stampVerdict } from "./stamp-verdict.ts";
import type { SubjectRecord } from "./subject-record.ts";
import { needsRenewal, recordMove, verdictsInForce } from "./subject-record.ts";
import { takeUpRecords, verdictsOwner } from "./take-up-records.ts";
import { VerdictVoice } from "./verdict-voice.ts";
import type { VerdictsConfig } from "./verdicts-config.ts";

/** What a desk works with. */
export interface VerdictDeskDeps {
  /** Puts a verdict on the bus; resolves when it is durable. */
  readonly publish: (verdict: Verdict) => Promise<void>;
  readonly store: Pick<Store, "saveEvents" | "saveStates" | "readStates">;
  /** Why what is stored cannot be relied on at present; null when it can. */
  readonly distrust: () => string | null;
  readonly routes: RoutesNow;
  readonly config: VerdictsConfig;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly meter: Meter;
}

/** What became of a proposal. */
export type Decided = Guarded & { readonly verdict: Verdict };

/** Pause before what the bus did not take is published again. */
const retryMs = 1_000;

/**
 * Issues verdicts, one at a time: judges what is proposed, remembers it, publishes it, and renews what is in force, so that it
 * outlives neither this process nor the telemetry that it rests on by more than its lifetime. Everything that it decides, and
 * everything that it holds back, is an event.
 */
export class VerdictDesk {
  readonly #deps: VerdictDeskDeps;
  readonly #records = new Map<string, SubjectRecord>();
  /** The verdicts in force, in order of their subjects. */
  readonly list = () => verdictsInForce(this.#records);
  readonly #voice: VerdictVoice;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #isBehind = false;
  #lastWork: Promise<unknown> = Promise.resolve();
  #renewing: Promise<void> = Promise.resolve();

  constructor(deps: VerdictDeskDeps) {
    this.#deps = deps;
    this.#voice = new VerdictVoice(deps);
  }

  /** Remembers what was issued before, renews it, and goes on renewing. */
  async start(): Promise<void> {
    await takeUpRecords(this.#deps.store, this.#records);
    this.#renewing = this.#renewUntilStopped();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#renewing;
    await this.#lastWork;
  }

  /** The last verdict on a subject, in a dry run also one that moved nothing; null when there was none, or it was retired. */
  inForce(subject: string): Verdict | null {
    const { last, isRetired = true } = this.#records.get(subject) ?? {};
    return last === undefined || isRetired || (last.isDryRun && !this.#deps.config.isDryRun) ? null : last;
  }

  /** Decides a proposal. It rejects when the verdict could not be kept or published; proposing it again is harmless. */
  propose(proposal: Proposal): Promise<Decided> {
    return this.#inTurn(() => this.#decide(proposal));
  }

  /** Lets the verdict that asks for this lapse at once, unless another has come: the configured weights hold again. */
  retire(effect: VerdictEffect): Promise<void> {
    return this.#inTurn(async () => {
      const record = this.#records.get(subjectOf(effect));
      if (record !== undefined && !record.isRetired && isDeepStrictEqual(record.last.effect, effect)) {
        const last = this.#stamped(record.last, { after: record.last, lifetimeMs: 0 });
        await this.#keep(subjectOf(effect), { ...record, last, isRetired: true });
        await this.#publish(last);
      }
    });
  }

  async #decide(proposal: Proposal): Promise<Decided> {
    const { config } = this.#deps;
    const subject = subjectOf(proposal.effect);
    const before = this.#records.get(subject) ?? null;
    const guarded = guardVerdict(proposal, this.#contextOf(proposal, before));
    const { isAutomatic, ...content } = proposal;
    const isDryRun = config.isDryRun && isAutomatic;
    const verdict = this.#stamped({ ...content, isDryRun }, { after: before?.last ?? null });
    if (guarded.kind === "issue") {
      // What is remembered first is published again after a crash; the other way round it would be forgotten.
      await this.#keep(subject, recordMove(before, verdict));
      await this.#publish(verdict);
    }
    await this.#voice.tell(verdict, guarded);
    return { ...guarded, verdict };
  }

  #contextOf({ effect, action }: Proposal, before: SubjectRecord | null) {
    const { config, clock, distrust, routes } = this.#deps;
    const isLoss = action === "reroute" || action === "eject";
    return {
      config,
      nowMs: clock.nowMs(),
      distrust: distrust(),
      lastMovedAtMs: before?.movedAtMs ?? null,
      lostAtMs: before?.lostAtMs ?? [],
      movedShare: isLoss ? movedBy({ effect, records: this.#records.values(), routes: routes() }) : 0,
    };
  }

  #stamped(content: VerdictContent, stamp: { readonly after: Verdict | null; readonly lifetimeMs?: number }) {
    const { clock, config, ids } = this.#deps;
    const lifetimeMs = config.lifetimeSeconds * 1_000;
    return stampVerdict(content, { id: ids.next(), nowMs: clock.nowMs(), lifetimeMs, ...stamp });
  }

  /** What the bus did not take is published again soon, and not only with the next renewals. */
  async #publish(verdict: Verdict): Promise<void> {
    try {
      await this.#deps.publish(verdict);
      this.#isBehind = false;
    } catch (error) {
      this.#isBehind = true;
      this.#wake.abort();
      throw error;
    }
  }

  async #keep(subject: string, record: SubjectRecord): Promise<void> {
    const { sequence } = record.last;
    await this.#deps.store.saveStates(verdictsOwner, [{ key: subject, sequence, state: JSON.stringify(record) }]);
    this.#records.set(subject, record);
  }

  async #renewUntilStopped(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#inTurn(() => this.#renewAll());
      this.#wake = new AbortController();
      const pauseMs = this.#isBehind ? retryMs : config.renewSeconds * 1_000;
      await clock.sleep(pauseMs, AbortSignal.any([signal, this.#wake.signal]));
      // The wake came while the bus was away: it is not asked again at once.
      await clock.sleep(this.#wake.signal.aborted ? retryMs : 0, signal);
    }
  }

  /**
   * Renews what is in force; one that fails is tried again at the next turn. What rests on telemetry is not renewed while that
   * cannot be relied on, and so lapses: nobody could tell any more whether it helps.
   */
  async #renewAll(): Promise<void> {
    const isBlind = this.#deps.distrust() !== null;
    try {
      await takeUpRecords(this.#deps.store, this.#records);
    } catch (error) {
      this.#voice.warn(error, {});
      return;
    }
    for (const [subject, record] of this.#records) {
      if (needsRenewal(record) && !(isBlind && record.last.evidenceId !== null)) {
        await this.#renew(subject, record);
      }
    }
  }

  async #renew(subject: string, record: SubjectRecord): Promise<void> {
    try {
      const last = this.#stamped(record.last, { after: record.last });
      await this.#keep(subject, { ...record, last });
      await this.#publish(last);
    } catch (error) {
      this.#voice.warn(error, { subject });
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#lastWork.then(work);
    this.#lastWork = run.catch(() => {});
    return run;
  }
}
