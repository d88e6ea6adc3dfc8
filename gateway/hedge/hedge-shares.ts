/** Hedges that calls without one may save up: after a quiet hour a slow provider must not get them all at once. */
const mostSaved = 10;

/** How many second attempts each route may make: every call adds its share of one, every second attempt takes one. */
export class HedgeShares {
  readonly #saved = new Map<string, number>();

  /** A call that could be hedged begins; `maxShare` is from 0 to 1. */
  sawCall(route: string, maxShare: number): void {
    this.#saved.set(route, Math.min(mostSaved, (this.#saved.get(route) ?? 0) + maxShare));
  }

  /** Whether a second attempt may be made now. */
  has(route: string): boolean {
    return (this.#saved.get(route) ?? 0) >= 1;
  }

  /** A second attempt is made. */
  take(route: string): void {
    this.#saved.set(route, (this.#saved.get(route) ?? 0) - 1);
  }
}
