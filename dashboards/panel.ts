import type { QuestionName } from "../store/questions.ts";
import type { QuestionColumn } from "../store/questions-column.ts";

/** The unit of a value, as the questions of the store name it. */
export type Unit = QuestionColumn["unit"];

/** A column of the answer that a panel shows as a measured value. */
export interface PanelValue {
  readonly column: string;
  readonly title: string;
  readonly unit: Unit;
}

/** Bounds from which a value is marked; `badWhen` says on which side of them it is worse. */
export interface Thresholds {
  readonly badWhen: "above" | "below";
  readonly warn: number;
  readonly bad: number;
}

interface PanelBase {
  /** Unique on the page; kebab-case, at most 40 characters. */
  readonly id: string;
  readonly title: string;
  /** What the panel shows and how to read it, in full sentences. */
  readonly description: string;
  /** Where its rows come from: a panel names a question and never holds SQL. */
  readonly question: QuestionName;
  /** What has to happen for it to have data; absent means calls through the gateway. */
  readonly filledBy?: string;
}

/** One number, from the only row of the answer. */
export interface StatPanel extends PanelBase {
  readonly kind: "stat";
  readonly value: PanelValue;
  /** A value over time, drawn small behind the number; null for none. Its series are added up. */
  readonly trend: { readonly question: QuestionName; readonly time: string; readonly column: string } | null;
  readonly thresholds: Thresholds | null;
  /** Calls that the number says nothing about, told below it while there are any; null for none. */
  readonly caveat: { readonly column: string; readonly text: string } | null;
}

/** Values over time: one series for each combination of labels, or one for each value column when there is no label. */
export interface TimeseriesPanel extends PanelBase {
  readonly kind: "timeseries";
  readonly time: string;
  /** The label columns that name a series, all that the question has; empty when each value column is a series. */
  readonly series: readonly string[];
  /** All of one unit. With labels and several values a chart shows one value at a time, first `shown`. */
  readonly values: readonly PanelValue[];
  /** The value column shown first. */
  readonly shown: string;
  /** `bars` are stacked, for what can be added up; `line` has gaps where nothing is known. */
  readonly shape: "bars" | "line";
}

/** One row of the answer a line. */
export interface TablePanel extends PanelBase {
  readonly kind: "table";
  /** The first one names the line; `isSeries` marks it with the colour that its series has in the charts. */
  readonly labels: readonly { readonly column: string; readonly title: string; readonly isSeries?: boolean }[];
  readonly values: readonly (PanelValue & { readonly thresholds?: Thresholds })[];
  /** The value column to sort by at first, from the largest. */
  readonly sortBy: string;
}

/** A panel, defined once for Grafana and the console. */
export type Panel = StatPanel | TimeseriesPanel | TablePanel;
