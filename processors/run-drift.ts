import { isRetryable, messageOf } from "../core/errors.ts";
import type { Conclusions, Finding } from "../core/evidence.ts";
import type { ProcessorsDeps } from "./deps.ts";
import type { DriftInput } from "./detect-drift.ts";
import { driftDetector, stepTogether } from "./detect-drift.ts";
import type { SeenMinute } from "./drift-series.ts";
import { countOf, familyKey, lineageKey, seenMinutes, seriesKey } from "./drift-series.ts";
import type { Baseline, DriftState } from "./drift-state.ts";
import { driftState } from "./drift-state.ts";

const minuteMs = 60_000;
/** Minutes that are read at once while it catches up. */
const minutesAtOnce = 60;
/** How far back it begins where no evidence is stored: measures by minute are not kept for longer by default. */
const firstLookMs = 7 * 86_400_000;

interface Known {
  readonly state: DriftState;
  readonly lineage: string;
  readonly model: string;
  readonly lastMinuteMs: number;
}

/**
 * Compares the answers of each minute that is over with those of before, minute by minute, and saves what it concludes before
 * it goes on. One processor does it at a time; should two for a moment, the store keeps what the first of them saved.
 */
export class DriftWatch {
  readonly #deps: ProcessorsDeps;
  readonly #known = new Map<string, Known>();
  readonly #families = new Set<string>();
  readonly #stopping = new AbortController();
  #nextMs: number | null = null;
  #running: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(deps: ProcessorsDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, config } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#lookPatiently();
      await clock.sleep(config.drift.everySeconds * 1_000, signal);
    }
  }

  async #lookPatiently(): Promise<void> {
    const { log } = this.#deps;
    try {
      await this.look();
      if (this.#isFailing) {
        log.info({}, "answers are compared again");
      }
      this.#isFailing = false;
    } catch (error) {
      // What was concluded in part is forgotten: the state that is stored holds.
      this.#nextMs = null;
      if (!this.#isFailing) {
        const level = isRetryable(error) ? "warn" : "error";
        log[level]({ err: messageOf(error) }, "answers cannot be compared for now");
      }
      this.#isFailing = true;
    }
  }

  /** Works every minute that is over; resolves when what was concluded is saved. */
  async look(): Promise<void> {
    const { clock, config, store } = this.#deps;
    const closedMs = floorMinute(clock.nowMs() - config.drift.closeSeconds * 1_000);
    this.#nextMs ??= await this.#remember(closedMs);
    while (this.#nextMs < closedMs && !this.#stopping.signal.aborted) {
      const toMs = Math.min(closedMs, this.#nextMs + minutesAtOnce * minuteMs);
      const measured = await store.readMeasures({ fromMs: this.#nextMs, toMs });
      for (const [atMs, minutes] of Map.groupBy(seenMinutes(measured), (minute) => minute.minuteMs)) {
        await this.#conclude(atMs, minutes);
      }
      this.#nextMs = toMs;
    }
  }

  /** Loads the states that are stored; resolves with the minute to go on from. */
  async #remember(closedMs: number): Promise<number> {
    this.#known.clear();
    this.#families.clear();
    let last = closedMs - firstLookMs - minuteMs;
    for (const evidence of await this.#deps.store.readEvidence(driftDetector)) {
      const state = driftState.parse(JSON.parse(evidence.state));
      this.#families.add(familyKey(evidence));
      this.#known.set(seriesKey(evidence), {
        state,
        lineage: lineageKey(evidence),
        model: evidence.model,
        lastMinuteMs: evidence.minuteMs,
      });
      last = Math.max(last, evidence.minuteMs);
    }
    return last + minuteMs;
  }

  async #conclude(atMs: number, minutes: readonly SeenMinute[]): Promise<void> {
    const { store, meter, log } = this.#deps;
    const families = this.#countFamilies(minutes);
    const groups = [...Map.groupBy(minutes, familyKey).values()];
    const inputs = groups.map((group) => group.map((minute) => this.#inputOf(minute, families)));
    const steps = inputs.flatMap(stepTogether);
    const findings = steps.flatMap(({ finding }) => (finding === null ? [] : [finding]));
    const conclusions: Conclusions = {
      detector: driftDetector,
      minuteMs: atMs,
      evidence: steps.map(({ evidence }) => evidence),
      findings,
    };
    await store.saveConclusions(conclusions);
    for (const { state, evidence } of steps) {
      const { model } = evidence;
      this.#known.set(seriesKey(evidence), { state, lineage: lineageKey(evidence), model, lastMinuteMs: atMs });
    }
    meter.add("driftFindings", findings.length, {});
    for (const finding of findings) {
      log.warn(logged(finding), "answers have changed");
    }
  }

  #inputOf(minute: SeenMinute, families: number): DriftInput {
    const { drift } = this.#deps.config;
    const before = this.#known.get(seriesKey(minute))?.state ?? null;
    // The search goes through every series, and only the first pass of a series is over a predecessor.
    const predecessor = before === null || before.passes === 0 ? this.#predecessorOf(minute) : null;
    return { before, minute, context: { config: drift, families, predecessor } };
  }

  /** Those of this minute are among them, so that the first of all have a bound for their number. */
  #countFamilies(minutes: readonly SeenMinute[]): number {
    for (const minute of minutes) {
      this.#families.add(familyKey(minute));
    }
    return this.#families.size;
  }

  /** The version of the same family that was seen last before, when it has enough answers. */
  #predecessorOf(minute: SeenMinute): Baseline | null {
    const { leastAnswers } = this.#deps.config.drift;
    const lineage = lineageKey(minute);
    let found: Known | null = null;
    for (const known of this.#known.values()) {
      const isOther = known.lineage === lineage && known.model !== minute.model;
      if (isOther && known.lastMinuteMs < minute.minuteMs && known.lastMinuteMs > (found?.lastMinuteMs ?? 0)) {
        found = known;
      }
    }
    if (found === null || countOf(found.state.own.values) < leastAnswers) {
      return null;
    }
    return { ...found.state.own, from: `the version before, ${found.model}` };
  }
}

const floorMinute = (ms: number): number => ms - (ms % minuteMs);

const logged = ({ tenant, route, model, measure, says, minuteMs: atMs }: Finding) => ({
  ...{ tenant, route, model, measure, says },
  minute: new Date(atMs).toISOString(),
});
