import { z } from "zod";
import type { EmbeddedMinute } from "../core/embedding-sum.ts";
import type { Finding, MeasuredSeries } from "../core/evidence.ts";
import type { ProcessorsDeps } from "./deps.ts";
import type { EmbeddingStep } from "./detect-embedding.ts";
import { embeddingDetector, stepEmbedding } from "./detect-embedding.ts";
import type { Ancestor } from "./drift-predecessor.ts";
import { ancestorOf } from "./drift-predecessor.ts";
import { familyKey, lineageKey, seriesKey } from "./drift-series.ts";
import { blockOf, joinedAll } from "./embedding-block.ts";
import type { EmbeddingBaseline, EmbeddingState } from "./embedding-state.ts";
import { embeddingState, stateText } from "./embedding-state.ts";
import { isInIncident } from "./incidents.ts";
import { RepeatedLook } from "./repeated-look.ts";
import { SeriesSlots } from "./series-slots.ts";

const minuteMs = 60_000;
/** Minutes that are read at once while it catches up, after which states are saved. */
const minutesAtOnce = 60;
/** How far back it begins where no state is stored. */
const firstLookMs = 86_400_000;
/** A series without answers for longer starts anew. */
const keptMs = 30 * 86_400_000;

/** Under whose name states are kept. */
const owner = embeddingDetector;
const cursorKey = "cursor";
const cursor = z.strictObject({ nextMs: z.number() });

const series = { tenant: z.string(), route: z.string(), variant: z.string(), model: z.string() };
const kept = z.strictObject({
  series: z.strictObject({ ...series, prompt: z.string(), measure: z.string() }),
  lastMinuteMs: z.number(),
  state: embeddingState,
});

interface Known extends Ancestor {
  readonly series: MeasuredSeries;
  readonly lineage: string;
  readonly state: EmbeddingState;
}

/**
 * Compares what the answers of each minute are worded like with those of before, by test G. States are saved with the minute they go
 * on from, all at once; what was concluded after that is concluded again after a crash, and the same, which the store drops.
 */
export class EmbeddingWatch {
  readonly #deps: ProcessorsDeps;
  readonly #known = new Map<string, Known>();
  readonly #changed = new Set<string>();
  readonly #slots: SeriesSlots;
  readonly #look: RepeatedLook;
  #nextMs: number | null = null;
  #sequence = 0;

  constructor(deps: ProcessorsDeps) {
    const { clock, log, config } = deps;
    this.#deps = deps;
    this.#slots = new SeriesSlots(config.drift.mostModels);
    this.#look = new RepeatedLook({
      ...{ clock, log, everySeconds: config.drift.everySeconds, what: "embeddings are compared" },
      look: (signal) => this.look(signal),
      // What was concluded in part is forgotten: the state that is stored holds.
      onFailure: () => {
        this.#nextMs = null;
      },
    });
  }

  start(): void {
    this.#look.start();
  }

  stop(): Promise<void> {
    return this.#look.stop();
  }

  /** Works every minute that is over; resolves when what was concluded is saved. */
  async look(signal?: AbortSignal): Promise<void> {
    const { clock, config, store } = this.#deps;
    const closedMs = floorMinute(clock.nowMs() - config.drift.closeSeconds * 1_000);
    this.#nextMs ??= await this.#remember(closedMs);
    while (this.#nextMs < closedMs && signal?.aborted !== true) {
      const toMs = Math.min(closedMs, this.#nextMs + minutesAtOnce * minuteMs);
      const embedded = await store.readEmbeddings({ fromMs: this.#nextMs, toMs });
      for (const [atMs, minutes] of Map.groupBy(embedded, (minute) => minute.minuteMs)) {
        await this.#conclude(atMs, this.#placed(minutes));
      }
      if (this.#changed.size > 0 || toMs === closedMs) {
        await this.#keep(toMs);
      }
      this.#nextMs = toMs;
    }
  }

  /** Loads what is stored; resolves with the minute to go on from. */
  async #remember(closedMs: number): Promise<number> {
    this.#known.clear();
    this.#changed.clear();
    this.#slots.clear();
    let nextMs = closedMs - firstLookMs;
    for (const { key, sequence, state } of await this.#deps.store.readStates(owner)) {
      this.#sequence = Math.max(this.#sequence, sequence);
      if (key === cursorKey) {
        nextMs = cursor.parse(JSON.parse(state)).nextMs;
      } else {
        const known = kept.parse(JSON.parse(state));
        this.#slots.keep(known.series, known.lastMinuteMs);
        const { model, prompt } = known.series;
        this.#known.set(key, { ...known, model, prompt, lineage: lineageKey(known.series) });
      }
    }
    return nextMs;
  }

  async #conclude(atMs: number, minutes: readonly EmbeddedMinute[]): Promise<void> {
    const { store, meter, log, config } = this.#deps;
    const watched = [...[...this.#known.values()].map((known) => known.series), ...minutes];
    const families = new Set(watched.map(familyKey)).size;
    const steps = minutes.map((minute) => {
      const promptsNow = new Set(minutes.filter(({ model }) => model === minute.model).map(({ prompt }) => prompt));
      const before = this.#known.get(seriesKey(minute))?.state ?? null;
      const predecessor = before === null || before.passes === 0 ? this.#before(minute, promptsNow) : null;
      return { minute, step: stepEmbedding(before, minute, { config: config.drift, families, predecessor }) };
    });
    const findings = steps.flatMap(({ step }) => step.finding ?? []);
    const evidence = steps.map(({ step }) => step.evidence);
    await store.saveConclusions({ detector: embeddingDetector, minuteMs: atMs, evidence, findings });
    for (const { minute, step } of steps) {
      this.#know(minute, step);
    }
    meter.add("driftFindings", findings.length, {});
    for (const finding of findings) {
      log.warn(logged(finding), "answers are worded otherwise");
    }
  }

  #know(minute: EmbeddedMinute, { state }: EmbeddingStep): void {
    const { tenant, route, variant, model, prompt, measure, minuteMs: lastMinuteMs } = minute;
    const key = seriesKey(minute);
    this.#known.set(key, {
      series: { tenant, route, variant, model, prompt, measure },
      ...{ model, prompt, lastMinuteMs, state, lineage: lineageKey(minute) },
    });
    this.#changed.add(key);
  }

  #before(minute: EmbeddedMinute, promptsNow: ReadonlySet<string>): EmbeddingBaseline | null {
    const lineage = lineageKey(minute);
    const known = [...this.#known.values()].filter((one) => one.lineage === lineage);
    const found = ancestorOf({ minute, known, promptsNow });
    return found === null ? null : { from: found.from, blocks: found.series.state.own.blocks };
  }

  /** Saves what has changed with the minute to go on from; what is older than a month is forgotten. */
  async #keep(nextMs: number): Promise<void> {
    this.#sequence = Math.max(this.#sequence + 1, nextMs);
    const sequence = this.#sequence;
    const old = [...this.#known].filter(([, { lastMinuteMs }]) => lastMinuteMs < nextMs - keptMs);
    const states = [...this.#changed].flatMap((key) => {
      const known = this.#known.get(key);
      return known === undefined ? [] : [{ key, sequence, state: textOf(known) }];
    });
    await this.#deps.store.saveStates(owner, [
      ...states,
      ...old.map(([key]) => ({ key, sequence, state: "" })),
      { key: cursorKey, sequence, state: JSON.stringify({ nextMs }) },
    ]);
    for (const [key] of old) {
      this.#known.delete(key);
    }
    this.#changed.clear();
  }

  /** What callers send never makes more series than there are places; what shares a place is compared together. */
  #placed(minutes: readonly EmbeddedMinute[]): readonly EmbeddedMinute[] {
    const { incidents } = this.#deps.config.drift;
    const usual = minutes.filter(({ route, minuteMs: atMs }) => !isInIncident(incidents, route, atMs));
    const placed = this.#slots.place(usual).measured;
    return [...Map.groupBy(placed, seriesKey).values()].flatMap(together);
  }
}

const together = (minutes: readonly EmbeddedMinute[]): readonly EmbeddedMinute[] => {
  const [first] = minutes;
  const all = joinedAll(minutes.map(blockOf));
  return first === undefined || all === null
    ? []
    : [{ ...first, n: all.count, sum: all.sum, squaredNorms: all.squaredNorms }];
};

const textOf = ({ series: of, lastMinuteMs, state }: Known): string =>
  `{"series":${JSON.stringify(of)},"lastMinuteMs":${lastMinuteMs},"state":${stateText(state)}}`;

const floorMinute = (ms: number): number => ms - (ms % minuteMs);

const logged = ({ tenant, route, model, measure, prompt, says, minuteMs: atMs }: Finding) => ({
  ...{ tenant, route, model, measure, prompt, says },
  minute: new Date(atMs).toISOString(),
});
