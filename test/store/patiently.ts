import { isRetryable } from "../../core/errors.ts";
import type { Batch, Store } from "../../store/store.ts";

/** Appends until it succeeds, as the processors do: after a failure as a repeat. `meanwhile` runs between two tries. */
export const patiently = async (store: Store, batch: Batch, meanwhile?: () => Promise<void>): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      await store.append(batch, { delivery: tries === 0 ? "first" : "repeated" });
      return;
    } catch (error) {
      if (!isRetryable(error) || tries === 200) throw error;
      await meanwhile?.();
    }
  }
};
