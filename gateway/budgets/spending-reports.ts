import type { SpendingReport } from "../../core/spending.ts";
import { spendingReport } from "../../core/spending.ts";
import type { OwnTotal, SpentTotal } from "./spent-totals.ts";
import { placeKey } from "./spent-totals.ts";

/** A report, and the key under which it takes the place of the one before. */
export interface KeyedReport {
  readonly key: string;
  readonly report: SpendingReport;
}

/** Totals in a report: with the longest names about 200 kB of JSON, below any limit of a bus. */
const totalsPerReport = 500;

interface Group {
  readonly gatewayId: string;
  readonly window: SpendingReport["window"];
  readonly startMs: number;
  /** In the order in which they were first heard of, which tells the report that each is in. */
  readonly totals: Map<string, { readonly nanos: number; readonly stepNanos: number }>;
}

/**
 * The reports that are to be sent: those in which a total has changed since it was acknowledged. A budget is always in the
 * report of the same key, so that a topic that keeps the last record of each key keeps all totals.
 */
export class SpendingReports {
  readonly #publisher: string;
  readonly #groups = new Map<string, Group>();
  readonly #told = new Map<string, number>();

  constructor(publisher: string) {
    this.#publisher = publisher;
  }

  /**
   * The reports of these totals that say something new; totals of windows that are over must not be among them. With `isAll`
   * any growth is new, else only a step.
   */
  due(totals: readonly (SpentTotal | OwnTotal)[], isAll: boolean): readonly KeyedReport[] {
    this.#forgetBut(totals);
    for (const total of totals) {
      const stepNanos = isAll || !("stepNanos" in total) ? 1 : total.stepNanos;
      this.#groupOf(total)?.totals.set(total.of, { nanos: total.nanos, stepNanos });
    }
    return [...this.#groups].flatMap(([key, group]) => this.#dueOf(key, group));
  }

  /** Tells that a report is on the bus. */
  acknowledge({ gatewayId, window, startMs, totals }: SpendingReport): void {
    for (const { of, nanos } of totals) {
      this.#told.set(toldKey({ gatewayId, window, startMs, of }), nanos);
    }
  }

  #dueOf(key: string, { gatewayId, window, startMs, totals }: Group): readonly KeyedReport[] {
    const all = [...totals].map(([of, { nanos, stepNanos }]) => ({ of, nanos, stepNanos }));
    const due: KeyedReport[] = [];
    for (let from = 0; from < all.length; from += totalsPerReport) {
      const part = all.slice(from, from + totalsPerReport);
      const isNew = part.some(({ of, nanos, stepNanos }) => {
        const told = this.#told.get(toldKey({ gatewayId, window, startMs, of })) ?? 0;
        return nanos - told >= stepNanos;
      });
      if (isNew) {
        const told = part.map(({ of, nanos }) => ({ of, nanos }));
        const report: SpendingReport = { version: 1, gatewayId, window, startMs, totals: told };
        due.push({ key: `${this.#publisher} ${key} ${from / totalsPerReport}`, report });
      }
    }
    return due;
  }

  #groupOf({ gatewayId, window, startMs }: SpentTotal): Group | null {
    const known = spendingReport.safeParse({ version: 1, gatewayId, window, startMs, totals: [] });
    if (!known.success) {
      return null;
    }
    const key = groupKey({ gatewayId, window, startMs });
    const group = this.#groups.get(key) ?? { gatewayId, window: known.data.window, startMs, totals: new Map() };
    this.#groups.set(key, group);
    return group;
  }

  /** Windows that are over are told of no more. */
  #forgetBut(totals: readonly SpentTotal[]): void {
    const present = new Set(totals.map(groupKey));
    for (const [key, { gatewayId, window, startMs, totals: gone }] of this.#groups) {
      if (!present.has(key)) {
        this.#groups.delete(key);
        for (const of of gone.keys()) this.#told.delete(toldKey({ gatewayId, window, startMs, of }));
      }
    }
  }
}

const groupKey = ({ gatewayId, window, startMs }: Pick<SpentTotal, "gatewayId" | "window" | "startMs">): string =>
  `${gatewayId} ${window} ${startMs}`;

const toldKey = ({ gatewayId, ...place }: Omit<SpentTotal, "nanos">): string => `${gatewayId} ${placeKey(place)}`;
