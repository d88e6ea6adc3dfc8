import type { SeenMinute, Values } from "./drift-series.ts";
import type { Pass } from "./drift-state.ts";
import { mixOf } from "./drift-strata.ts";
import { categoryChange } from "./say-change.ts";

/** What there is to say of inputs in a minute. */
export interface InputWords {
  /** How the inputs changed; null while they are as before. */
  readonly inputsMoved: string | null;
  /** Whether answers to the same inputs changed as well. */
  readonly areAnswersMoved: boolean;
}

/** How the mix of inputs changed, by the stratum that changed most. */
export const mixChange = (before: Values, now: Values): string =>
  categoryChange({ against: { values: mixOf(before) }, seen: mixOf(now) }).says;

/** What a finding says besides its own change: of answers that the inputs moved, of inputs whether answers did. */
export const wordsFor = (
  { measure }: SeenMinute,
  { within }: Pass,
  { inputsMoved, areAnswersMoved }: InputWords,
): string => {
  if (inputsMoved === null) {
    return "";
  }
  if (within !== null) {
    return `; inputs moved: ${inputsMoved}`;
  }
  const answers = areAnswersMoved ? "changed as well" : "unchanged";
  return measure.startsWith("input_") ? `; answers to the same inputs ${answers}` : "";
};
