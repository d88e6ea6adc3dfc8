import { requireFinite } from "../special/require-number.ts";
import { residualLimit } from "./seasonal-residual.ts";

/** How far one hour was from what its hour of the week has been. */
export interface HourDistance {
  readonly hour: number;
  /** In standard deviations, within +-4. */
  readonly distance: number;
}

/** Beyond this an hour says so little that is new that a shift would hardly be seen. */
const mostPersistence = 0.95;

/**
 * How much of an hour's distance the next hour keeps, from 0 to 0.95: the autocorrelation of neighbouring hours, where positive
 * (Yule 1927). 0 without neighbours.
 */
export const persistenceOf = (history: readonly HourDistance[]): number => {
  const byHour = new Map(history.map(({ hour, distance }) => [hour, distance]));
  let [products, squares] = [0, 0];
  for (const { hour, distance } of history) {
    const before = byHour.get(hour - 1);
    if (before !== undefined) {
      products += distance * before;
      squares += before * before;
    }
  }
  return squares === 0 ? 0 : Math.min(Math.max(requireFinite("a distance", products) / squares, 0), mostPersistence);
};

/**
 * What is new in an hour, given the one before: (distance - persistence * previous) / sqrt(1 - persistence^2), shrunk by `scale` and
 * within +-4. The distance itself where the hour before is not known. Without it, hours that hang together would look like drift.
 */
export const innovationOf = (
  { hour, distance }: HourDistance,
  previous: HourDistance | null,
  { persistence, scale }: { readonly persistence: number; readonly scale: number },
): number => {
  const isNeighbour = previous !== null && previous.hour === hour - 1;
  const fresh = isNeighbour
    ? (distance - persistence * previous.distance) / Math.sqrt(1 - persistence * persistence)
    : distance;
  return Math.min(Math.max(requireFinite("a distance", fresh) / scale, -residualLimit), residualLimit);
};
