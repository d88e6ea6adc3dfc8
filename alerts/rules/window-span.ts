import type { TimeSpan } from "../../store/read-measures.ts";
import type { Window } from "./condition-schema.ts";

/** The span of time that a window means when it ends at `toMs`. */
export const windowSpan = (window: Window, toMs: number): TimeSpan => ({ fromMs: beginningOf(window, toMs), toMs });

const beginningOf = (window: Window, toMs: number): number => {
  // At midnight the day that is over is meant, since a window that has no time in it cannot be asked about.
  const last = new Date(toMs - 1);
  switch (window.kind) {
    case "span":
      return toMs - window.ms;
    case "today":
      return Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), last.getUTCDate());
    case "this_month":
      return Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1);
  }
};
