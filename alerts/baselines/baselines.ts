import type { Clock } from "../../core/clock.ts";
import { PlumblineError } from "../../core/errors.ts";
import type { Ids } from "../../core/ids.ts";
import type { Log } from "../../core/log.ts";
import type { BaselineWindow, PinnedBaseline } from "../../core/pinned-baseline.ts";
import { baselinesOwner, pinnedBaseline } from "../../core/pinned-baseline.ts";
import type { Store } from "../../store/store.ts";
import type { CountedSeries } from "./count-window.ts";
import { countWindow } from "./count-window.ts";

/** What pinned baselines are kept with. */
export interface BaselinesDeps {
  readonly store: Pick<Store, "query" | "readStates" | "saveStates">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Answers below which a series is held against nothing. */
  readonly leastAnswers: number;
}

/** Who does something, and why. */
export interface Author {
  readonly by: string;
  readonly reason: string;
}

/** A baseline with what it took in. */
export interface Blessing {
  readonly baseline: PinnedBaseline;
  readonly series: readonly CountedSeries[];
}

/** Spans of answers that somebody found good. */
export interface Baselines {
  /** Those that hold first, the latest first, then those that were cleared. */
  readonly list: () => Promise<readonly PinnedBaseline[]>;
  /** Pins a window; rejects with `baseline.refused` when it has too few answers of every series, or is not over. */
  readonly bless: (window: BaselineWindow, author: Author) => Promise<Blessing>;
  /** Ends a baseline; rejects with `baseline.unknown`. One that was cleared before stays as it is. */
  readonly clear: (id: string, author: Author) => Promise<PinnedBaseline>;
}

const hourMs = 3_600_000;

/** Creates the keeping of pinned baselines. */
export const createBaselines = (deps: BaselinesDeps): Baselines => {
  const { store, clock, ids, log } = deps;
  const save = async (baseline: PinnedBaseline): Promise<void> => {
    await store.saveStates(baselinesOwner, [
      { key: baseline.id, sequence: clock.nowMs(), state: JSON.stringify(baseline) },
    ]);
  };
  return {
    list: () => keptBaselines(store),
    bless: async (asked, { by, reason }) => {
      const window = wholeHours(asked);
      const series = await countWindow(store, window);
      refuseTooLittle({ window, series, nowMs: clock.nowMs(), leastAnswers: deps.leastAnswers });
      const answers = series.reduce((sum, one) => sum + one.answers, 0);
      const baseline = { id: ids.next(), window, by, reason, atMs: clock.nowMs(), answers, cleared: null };
      await save(baseline);
      log.info({ id: baseline.id, by, ...window }, "a baseline is pinned");
      return { baseline, series };
    },
    clear: async (id, { by, reason }) => {
      const found = (await read(store)).find((one) => one.id === id);
      if (found === undefined) {
        throw new PlumblineError("baseline.unknown", `There is no baseline "${id}".`);
      }
      if (found.cleared !== null) {
        return found;
      }
      const cleared = { ...found, cleared: { by, reason, atMs: clock.nowMs() } };
      await save(cleared);
      log.info({ id, by, ...found.window }, "a baseline is cleared");
      return cleared;
    },
  };
};

/** The baselines that are kept, those that hold first. */
export const keptBaselines = async (store: Pick<Store, "readStates">): Promise<readonly PinnedBaseline[]> =>
  (await read(store)).toSorted(byState);

const read = async (store: Pick<Store, "readStates">): Promise<readonly PinnedBaseline[]> =>
  (await store.readStates(baselinesOwner)).map(({ state }) => pinnedBaseline.parse(JSON.parse(state)));

const byState = (a: PinnedBaseline, b: PinnedBaseline): number =>
  Number(a.cleared !== null) - Number(b.cleared !== null) || b.atMs - a.atMs;

const wholeHours = (window: BaselineWindow): BaselineWindow => ({
  ...window,
  from: hourOf(window.from),
  to: hourOf(window.to),
});

const hourOf = (time: string): string => new Date(Math.floor(Date.parse(time) / hourMs) * hourMs).toISOString();

const refuseTooLittle = (args: {
  readonly window: BaselineWindow;
  readonly series: readonly CountedSeries[];
  readonly nowMs: number;
  readonly leastAnswers: number;
}): void => {
  const { window, series, nowMs, leastAnswers } = args;
  const refuse = (message: string): never => {
    throw new PlumblineError("baseline.refused", message);
  };
  if (Date.parse(window.to) <= Date.parse(window.from)) {
    refuse(`From ${window.from} to ${window.to} there is no whole hour.`);
  }
  if (Date.parse(window.to) > nowMs) {
    refuse(`The window is not over: it ends at ${window.to}.`);
  }
  const most = series[0]?.answers ?? 0;
  if (most < leastAnswers) {
    const found =
      series[0] === undefined ? "nothing was measured" : `${most} answers were measured of ${series[0].model}`;
    refuse(
      `A baseline needs ${leastAnswers} answers of a model (processors.drift.leastAnswers), and ${found} on the route ${window.route} from ${window.from} to ${window.to}; hours are counted when they are over.`,
    );
  }
};
