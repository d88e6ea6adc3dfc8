import type { MeasuredFamily } from "../store/measured-hours.ts";
import { BucketWatch } from "./bucket-watch.ts";
import type { ProcessorsDeps } from "./deps.ts";
import type { SeasonStep } from "./detect-season.ts";
import {
  concludeSeason,
  fitBasis,
  isFitDue,
  seasonChange,
  seasonDetector,
  seasonEvidence,
  seasonStart,
  stepSeason,
} from "./detect-season.ts";
import { logSeasonBoundOf } from "./drift-budget.ts";
import type { SeenMinute } from "./drift-series.ts";
import { familyKey, seenMinutes, seriesKey } from "./drift-series.ts";
import { hourOf } from "./hour-of.ts";
import { incidentHours, isInIncident } from "./incidents.ts";
import { PinnedWatch } from "./run-pinned.ts";
import { saveConcluded } from "./save-concluded.ts";
import type { SeasonState } from "./season-state.ts";
import { seasonState } from "./season-state.ts";
import { SeriesSlots } from "./series-slots.ts";

const hourMs = 3_600_000;
const dayHours = 24;
const weekHours = 168;
/** Weeks of a reference. */
const weeks = 4;
/** Hours that a change is sized by: those of a day, or the last few where the day is too long to show it. */
const sized = [24, 6] as const;
/** How far back it begins where nothing is stored: measures by minute are not kept for longer by default. */
const firstLookHours = 13 * dayHours;

/**
 * Keeps what was measured by the hour, and holds each hour that is over against the same hour of the week in the weeks before.
 * One processor does it at a time; should two for a moment, the store keeps what the first of them saved.
 */
export class SeasonWatch {
  readonly #deps: ProcessorsDeps;
  readonly #watch: BucketWatch;
  readonly #states = new Map<string, SeasonState>();
  readonly #families = new Set<string>();
  readonly #slots: SeriesSlots;
  readonly #pinned: PinnedWatch;

  constructor(deps: ProcessorsDeps) {
    this.#deps = deps;
    this.#slots = new SeriesSlots(deps.config.drift.mostModels);
    this.#pinned = new PinnedWatch(deps);
    this.#watch = new BucketWatch({
      ...{ deps, what: "hours are compared", bucketMs: hourMs, firstLookMs: firstLookHours * hourMs },
      remember: () => this.#remember(),
      work: (fromMs) => this.#work(fromMs),
    });
  }

  start(): void {
    this.#watch.start();
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  /** Works every hour that is over; resolves when what was concluded is saved. */
  look(signal?: AbortSignal): Promise<void> {
    return this.#watch.look(signal);
  }

  async #work(fromMs: number): Promise<number> {
    const { store } = this.#deps;
    const { measured } = this.#slots.place(await store.sumHours({ fromMs, toMs: fromMs + hourMs }));
    await store.saveHour(measured);
    await this.#conclude(fromMs, seenMinutes(measured));
    return fromMs + hourMs;
  }

  /** Loads the states that are stored; resolves with the last hour that was concluded. */
  async #remember(): Promise<number | null> {
    this.#states.clear();
    this.#families.clear();
    this.#slots.clear();
    await this.#pinned.remember();
    let last: number | null = null;
    for (const evidence of await this.#deps.store.readEvidence(seasonDetector)) {
      this.#families.add(familyKey(evidence));
      this.#slots.keep(evidence, evidence.minuteMs);
      this.#states.set(seriesKey(evidence), seasonState.parse(JSON.parse(evidence.state)));
      last = Math.max(last ?? 0, evidence.minuteMs);
    }
    return last;
  }

  async #conclude(atMs: number, hours: readonly SeenMinute[]): Promise<void> {
    const { incidents } = this.#deps.config.drift;
    const usual = hours.filter(({ route }) => !isInIncident(incidents, route, atMs));
    // Its conclusions come first: those of the hours of the week say how far both have come.
    await this.#pinned.conclude(atMs, usual);
    for (const hour of usual) {
      this.#families.add(familyKey(hour));
    }
    const steps: SeasonStep[] = [];
    for (const family of Map.groupBy(usual, familyKey).values()) {
      steps.push(...(await this.#stepFamily(family)));
    }
    const findings = steps.flatMap(({ finding }) => (finding === null ? [] : [finding]));
    const evidence = steps.map((step) => step.evidence);
    const conclusions = { detector: seasonDetector, minuteMs: atMs, evidence, findings };
    const says = "answers differ from the same hours of the weeks before";
    await saveConcluded(this.#deps, conclusions, { says, timeName: "hour" });
    for (const step of steps) {
      this.#states.set(seriesKey(step.evidence), step.state);
    }
  }

  async #stepFamily(family: readonly SeenMinute[]): Promise<readonly SeasonStep[]> {
    const [first] = family;
    if (first === undefined) {
      return [];
    }
    const known = family.map((hour) => ({ hour, state: this.#states.get(seriesKey(hour)) ?? seasonStart }));
    const isDue = known.some(({ state }) => isFitDue(state, hourOf(first.minuteMs)));
    const history = isDue ? await this.#historyOf(first) : null;
    const stepped = known.map(({ hour, state }) => ({
      hour,
      state: stepSeason(history === null ? state : this.#fitted({ state, hour, history }), hour),
      logBound: this.#boundOf(hour),
    }));
    const isCrossed = stepped.some(({ state, logBound }) => seasonEvidence(state) >= logBound);
    const compared = isCrossed ? (history ?? (await this.#historyOf(first))) : null;
    return stepped.map((one) => {
      const isOver = compared !== null && seasonEvidence(one.state) >= one.logBound;
      return concludeSeason({ ...one, change: isOver ? this.#changeOf(one.hour, compared) : null });
    });
  }

  /** Hours of the last four weeks and this one, by series. */
  async #historyOf(hour: SeenMinute): Promise<ReadonlyMap<string, readonly SeenMinute[]>> {
    const family: MeasuredFamily = hour;
    const span = { fromMs: hour.minuteMs - (weeks * weekHours + dayHours) * hourMs, toMs: hour.minuteMs + hourMs };
    return Map.groupBy(seenMinutes(await this.#deps.store.readHours(span, family)), seriesKey);
  }

  /** Fits what an hour is held against where that is due, from what lies at least a day back. */
  #fitted({ state, hour, history }: Fitting): SeasonState {
    const at = hourOf(hour.minuteMs);
    if (!isFitDue(state, at)) {
      return state;
    }
    const excluded = incidentHours(this.#deps.config.drift.incidents, hour.route);
    const past = (history.get(seriesKey(hour)) ?? []).filter(({ minuteMs }) => hourOf(minuteMs) < at - dayHours);
    const basis = fitBasis(past, { excluded, fittedAt: at });
    return { ...state, basis: basis ?? state.basis, triedAt: at };
  }

  #changeOf(hour: SeenMinute, history: ReadonlyMap<string, readonly SeenMinute[]>) {
    const at = hourOf(hour.minuteMs);
    const { incidents } = this.#deps.config.drift;
    const hours = (history.get(seriesKey(hour)) ?? []).filter(
      ({ route, minuteMs }) => !isInIncident(incidents, route, minuteMs),
    );
    const changes = sized.map((count) => {
      const now = hours.filter(({ minuteMs }) => hourOf(minuteMs) > at - count);
      const places = new Set(now.map(({ minuteMs }) => hourOf(minuteMs) % weekHours));
      const before = hours.filter(
        ({ minuteMs }) => hourOf(minuteMs) <= at - count && places.has(hourOf(minuteMs) % weekHours),
      );
      return seasonChange(hour, { now, before });
    });
    return changes.find(({ isLarge }) => isLarge) ?? changes[0] ?? null;
  }

  #boundOf({ measure }: SeenMinute): number {
    const { falseAlarmsPerWeek } = this.#deps.config.drift;
    return logSeasonBoundOf({ measure, families: this.#families.size, falseAlarmsPerWeek });
  }
}

interface Fitting {
  readonly state: SeasonState;
  readonly hour: SeenMinute;
  readonly history: ReadonlyMap<string, readonly SeenMinute[]>;
}
