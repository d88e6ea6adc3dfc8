import type { QuestionName } from "../store/questions.ts";
import type { Panel } from "./panel.ts";

/** A panel where it stands: the page decides size, the panel decides meaning. */
export interface PlacedPanel {
  readonly panel: Panel;
  /** Of 24 columns. */
  readonly width: number;
  /** In rows of Grafana's grid, about 38 pixels each. */
  readonly height: number;
}

/** A titled group of panels. */
export interface PageRow {
  readonly title: string;
  readonly panels: readonly PlacedPanel[];
}

/** A choice of values of one dimension, which every question that has the dimension heeds. */
export interface PageFilter {
  readonly dimension: string;
  /** What the dimension is called, in singular and plural. */
  readonly label: string;
  readonly plural: string;
  /** A question that has the dimension as a column: its answers tell the values there are. */
  readonly question: QuestionName;
}

/** A dashboard: rows in reading order. */
export interface Page {
  /** Unique among Plumbline's dashboards, at most 40 characters. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly filters: readonly PageFilter[];
  readonly rows: readonly PageRow[];
  /** There is nothing to show when this column of the first row of the answer is 0 or missing. */
  readonly emptyWhen: { readonly question: QuestionName; readonly column: string };
}
