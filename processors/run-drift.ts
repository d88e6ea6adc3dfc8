import type { Conclusions, Evidence, MeasuredMinute } from "../core/evidence.ts";
import { BucketWatch } from "./bucket-watch.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { driftDetector, stepTogether } from "./detect-drift.ts";
import type { KnownSeries } from "./drift-predecessor.ts";
import { predecessorOf } from "./drift-predecessor.ts";
import type { SeenMinute } from "./drift-series.ts";
import { familyKey, lineageKey, seenMinutes, seriesKey } from "./drift-series.ts";
import type { DriftState } from "./drift-state.ts";
import { driftState } from "./drift-state.ts";
import { isInIncident } from "./incidents.ts";
import { saveConcluded } from "./save-concluded.ts";
import { SeriesSlots } from "./series-slots.ts";
import type { DriftInput } from "./weigh-drift.ts";

const minuteMs = 60_000;
/** Minutes that are read at once while it catches up, and how many rows of them: fewer minutes where each has many. */
const mostMinutes = 60;
const mostRows = 100_000;
/** How far back it begins where no evidence is stored: measures by minute are not kept for longer by default. */
const firstLookMs = 7 * 86_400_000;

/**
 * Compares the answers of each minute that is over with those of before, minute by minute, and saves what it concludes before
 * it goes on. One processor does it at a time; should two for a moment, the store keeps what the first of them saved.
 */
export class DriftWatch {
  readonly #deps: ProcessorsDeps;
  /** By lineage and series. */
  readonly #known = new Map<string, Map<string, KnownSeries>>();
  readonly #families = new Set<string>();
  readonly #slots: SeriesSlots;
  readonly #watch: BucketWatch;
  #isPooling = false;
  #minutesAtOnce = 1;

  constructor(deps: ProcessorsDeps) {
    this.#deps = deps;
    this.#slots = new SeriesSlots(deps.config.drift.mostModels);
    this.#watch = new BucketWatch({
      ...{ deps, what: "answers are compared", bucketMs: minuteMs, firstLookMs },
      remember: () => this.#remember(),
      work: (fromMs, closedMs) => this.#work(fromMs, closedMs),
    });
  }

  start(): void {
    this.#watch.start();
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  /** Works every minute that is over; resolves when what was concluded is saved. */
  look(signal?: AbortSignal): Promise<void> {
    return this.#watch.look(signal);
  }

  async #work(fromMs: number, closedMs: number): Promise<number> {
    const toMs = Math.min(closedMs, fromMs + this.#minutesAtOnce * minuteMs);
    const measured = await this.#deps.store.readMeasures({ fromMs, toMs });
    const rowsOfMinute = (measured.length * minuteMs) / (toMs - fromMs);
    // A few at first: how many rows a minute has is not known before.
    const grown = Math.min(2 * this.#minutesAtOnce, mostMinutes, Math.floor(mostRows / Math.max(1, rowsOfMinute)));
    this.#minutesAtOnce = Math.max(1, grown);
    for (const [atMs, minutes] of Map.groupBy(measured, (minute) => minute.minuteMs)) {
      await this.#conclude(atMs, seenMinutes(this.#placed(minutes)));
    }
    return toMs;
  }

  /** Loads the states that are stored; resolves with the last minute that was concluded. */
  async #remember(): Promise<number | null> {
    this.#known.clear();
    this.#families.clear();
    this.#slots.clear();
    let last: number | null = null;
    for (const evidence of await this.#deps.store.readEvidence(driftDetector)) {
      this.#families.add(familyKey(evidence));
      this.#slots.keep(evidence, evidence.minuteMs);
      this.#know(evidence, driftState.parse(JSON.parse(evidence.state)));
      last = Math.max(last ?? 0, evidence.minuteMs);
    }
    return last;
  }

  async #conclude(atMs: number, minutes: readonly SeenMinute[]): Promise<void> {
    const families = this.#countFamilies(minutes);
    const groups = [...Map.groupBy(minutes, familyKey).values()];
    const promptsNow = Map.groupBy(minutes, modelKey);
    const inputs = groups.map((group) =>
      group.map((minute) => {
        const prompts = new Set((promptsNow.get(modelKey(minute)) ?? []).map(({ prompt }) => prompt));
        return this.#inputOf(minute, { families, promptsNow: prompts });
      }),
    );
    const steps = inputs.flatMap(stepTogether);
    const findings = steps.flatMap(({ finding }) => (finding === null ? [] : [finding]));
    const conclusions: Conclusions = {
      detector: driftDetector,
      minuteMs: atMs,
      evidence: steps.map(({ evidence }) => evidence),
      findings,
    };
    await saveConcluded(this.#deps, conclusions, { says: "answers have changed", timeName: "minute" });
    for (const { state, evidence } of steps) {
      this.#know(evidence, state);
    }
  }

  /** What callers send never makes more series than there are places. */
  #placed(minutes: readonly MeasuredMinute[]): readonly MeasuredMinute[] {
    const { incidents } = this.#deps.config.drift;
    const usual = minutes.filter(({ route, minuteMs: atMs }) => !isInIncident(incidents, route, atMs));
    const { measured, isPooled } = this.#slots.place(usual);
    if (isPooled && !this.#isPooling) {
      this.#deps.log.warn(
        {},
        "more prompts or models than are compared by themselves: the others are compared together",
      );
    }
    this.#isPooling ||= isPooled;
    return measured;
  }

  #know(evidence: Evidence, state: DriftState): void {
    const { model, prompt, minuteMs: lastMinuteMs } = evidence;
    const lineage = lineageKey(evidence);
    const known = this.#known.get(lineage) ?? new Map<string, KnownSeries>();
    this.#known.set(lineage, known.set(seriesKey(evidence), { state, model, prompt, lastMinuteMs }));
  }

  #inputOf(minute: SeenMinute, { families, promptsNow }: Around): DriftInput {
    const { drift } = this.#deps.config;
    const known = this.#known.get(lineageKey(minute));
    const before = known?.get(seriesKey(minute))?.state ?? null;
    const isNew = known !== undefined && (before === null || before.passes === 0);
    const predecessor = isNew
      ? predecessorOf({ minute, known: [...known.values()], promptsNow, leastAnswers: drift.leastAnswers })
      : null;
    return { before, minute, context: { config: drift, families, predecessor } };
  }

  /** Those of this minute are among them, so that the first of all have a bound for their number. */
  #countFamilies(minutes: readonly SeenMinute[]): number {
    for (const minute of minutes) {
      this.#families.add(familyKey(minute));
    }
    return this.#families.size;
  }
}

/** What else there is when a minute of a series is judged. */
interface Around {
  readonly families: number;
  readonly promptsNow: ReadonlySet<string>;
}

const modelKey = (minute: SeenMinute): string => familyKey({ ...minute, prompt: "" });
