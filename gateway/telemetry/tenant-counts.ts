/** Names come from callers: counting each would let any caller fill the memory of the gateway and of whoever scrapes it. */
const maxTenants = 100;
const others = "other";

/** Counts by tenant. Only the first 100 tenants keep a name; all others count as `other`. */
export class TenantCounts {
  readonly #names = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** Counts one for a tenant and returns the name that it counts under. */
  add(tenant: string): string {
    const isNamed = this.#names.has(tenant) || this.#names.size < maxTenants;
    const name = isNamed ? tenant : others;
    if (isNamed) {
      this.#names.add(tenant);
    }
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    return name;
  }

  /** The counts since they were taken last. */
  take(): Readonly<Record<string, number>> {
    const counts = Object.fromEntries(this.#counts);
    this.#counts.clear();
    return counts;
  }
}
