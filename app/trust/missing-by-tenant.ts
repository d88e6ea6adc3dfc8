import type { AnswerRow } from "../../store/store.ts";

/** Tenants are names that callers choose: a metric with all of them could grow without end. */
const maxTenants = 50;
const others = "other";

/** Missing calls by the name that a metric gives their tenants. */
export class MissingByTenant {
  readonly #names = new Set<string>();

  /**
   * Adds up the rows of \`completeness\`. The first 50 tenants that ever missed a call keep their names, with 0 while they miss
   * none; all others count as \`other\`.
   */
  sum(rows: readonly AnswerRow[]): ReadonlyMap<string, number> {
    const missing = new Map([...this.#names].map((name) => [name, 0]));
    for (const row of rows) {
      const count = Number(row["missing"]);
      if (count > 0) {
        const name = this.#nameOf(String(row["tenant"]));
        missing.set(name, (missing.get(name) ?? 0) + count);
      }
    }
    return missing;
  }

  #nameOf(tenant: string): string {
    const name = this.#names.has(tenant) || this.#names.size < maxTenants ? tenant : others;
    this.#names.add(name);
    return name;
  }
}
