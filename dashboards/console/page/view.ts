import type { Answer } from "./answers.ts";
import type { Palette } from "./palette.ts";
import type { TimeWindow } from "./ranges.ts";

/** The answers that a panel may need, by question; a question that failed has its error instead. */
export type Answers = ReadonlyMap<string, Answer>;

/** What surrounds a panel on the page. */
export interface PanelContext {
  readonly palette: Palette;
}

/** A panel on the page. */
export interface PanelView {
  readonly element: HTMLElement;
  /** The questions it needs the answers of; the first one decides its state. */
  readonly questions: readonly string[];
  /** Shows answers to its questions within a window. */
  readonly update: (answers: Answers, window: TimeWindow) => void;
  /** Draws again after a change of theme. */
  readonly repaint: () => void;
}
