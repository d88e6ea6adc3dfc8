import type { Evidence, Finding } from "../core/evidence.ts";
import { baselinesOwner } from "../core/pinned-baseline.ts";
import type { Blessed } from "./blessed.ts";
import { blessedBaseline, blessedName, blessedOf, pinnedStart, pinnedWindows } from "./blessed.ts";
import type { ProcessorsDeps } from "./deps.ts";
import { stepTogether } from "./detect-drift.ts";
import type { DriftConfig } from "./drift-config.ts";
import type { SeenMinute } from "./drift-series.ts";
import { countOf, familyKey, seenMinutes, seriesKey } from "./drift-series.ts";
import type { DriftState } from "./drift-state.ts";
import { driftState } from "./drift-state.ts";
import { saveConcluded } from "./save-concluded.ts";
import type { DriftInput } from "./weigh-drift.ts";

/** Name and version of the detector that holds hours against a baseline which nobody but its owner changes. */
export const pinnedDetector = "pinned@3";

const hourMs = 3_600_000;

/** Holds each hour against the pinned baseline of its route, where there is one. It never learns, and so sees what creeps. */
export class PinnedWatch {
  readonly #deps: ProcessorsDeps;
  readonly #states = new Map<string, DriftState>();
  readonly #families = new Set<string>();

  constructor(deps: ProcessorsDeps) {
    this.#deps = deps;
  }

  /** Loads the states that are stored. */
  async remember(): Promise<void> {
    this.#states.clear();
    this.#families.clear();
    for (const evidence of await this.#deps.store.readEvidence(pinnedDetector)) {
      this.#families.add(familyKey(evidence));
      this.#states.set(seriesKey(evidence), driftState.parse(JSON.parse(evidence.state)));
    }
  }

  /** Takes an hour of all series, and saves what it concludes. */
  async conclude(atMs: number, hours: readonly SeenMinute[]): Promise<void> {
    const { config } = this.#deps;
    const evidence: Evidence[] = [];
    const findings: Finding[] = [];
    const states: [string, DriftState][] = [];
    // Read every hour, so that what somebody pins or clears holds without a restart; it goes before what is configured.
    const pinned = [...pinnedWindows(await this.#deps.store.readStates(baselinesOwner)), ...config.drift.baselines];
    for (const [key, family] of Map.groupBy(hours, familyKey)) {
      const span = family[0] === undefined ? null : blessedOf(pinned, family[0]);
      if (span === null) {
        continue;
      }
      this.#families.add(key);
      for (const step of stepTogether(await this.#inputsOf(family, span))) {
        states.push([seriesKey(step.evidence), step.state]);
        evidence.push(step.evidence);
        // An hour is known when it is over: a finding belongs to its last minute.
        findings.push(...(step.finding === null ? [] : [{ ...step.finding, minuteMs: atMs + hourMs - 60_000 }]));
      }
    }
    const conclusions = { detector: pinnedDetector, minuteMs: atMs, evidence, findings };
    await saveConcluded(this.#deps, conclusions, { says: "answers differ from the pinned baseline", timeName: "hour" });
    for (const [key, state] of states) {
      this.#states.set(key, state);
    }
  }

  /** What each series of a model is held against is read once, and then kept with its state. */
  async #inputsOf(family: readonly SeenMinute[], span: Blessed): Promise<readonly DriftInput[]> {
    const known = family.map((hour) => ({ hour, state: this.#stateOf(hour, span) }));
    const [first] = family;
    const isNew = first !== undefined && known.some(({ state }) => state === null);
    const past = isNew ? await this.#deps.store.readHours(spanOf(span), first) : [];
    const bySeries = Map.groupBy(seenMinutes(past), seriesKey);
    return known.map(({ hour, state }) => {
      const before = state ?? pinnedStart(blessedBaseline(bySeries.get(seriesKey(hour)) ?? [], span), hour.isCategory);
      const config = whole(this.#deps.config.drift, before);
      return { before, minute: hour, context: { config, families: this.#families.size, predecessor: null } };
    });
  }

  #stateOf(hour: SeenMinute, span: Blessed): DriftState | null {
    const state = this.#states.get(seriesKey(hour)) ?? null;
    return state?.own.from === blessedName(span) ? state : null;
  }
}

/** A baseline is whole as it is: what comes later is never added to it. */
const whole = (config: DriftConfig, { own }: DriftState): DriftConfig => ({
  ...config,
  baselineAnswers: Math.min(config.baselineAnswers, countOf(own.values)),
});

const spanOf = ({ from, to }: Blessed) => ({ fromMs: hourStart(from), toMs: hourStart(to) });

const hourStart = (time: string): number => Math.floor(Date.parse(time) / hourMs) * hourMs;
