import type { Store } from "../../store/store.ts";
import type { SubjectRecord } from "./subject-record.ts";
import { subjectRecord } from "./subject-record.ts";

/** Under whom verdicts are kept. */
export const verdictsOwner = "verdicts";

/**
 * Takes up what is kept of the verdicts on each subject where that is later than what is known: by an earlier process, or by one that
 * leads by now while this one stood still and has not heard of it.
 */
export const takeUpRecords = async (
  store: Pick<Store, "readStates">,
  known: Map<string, SubjectRecord>,
): Promise<void> => {
  for (const { key, state } of await store.readStates(verdictsOwner)) {
    const kept = subjectRecord.parse(JSON.parse(state));
    if (kept.last.sequence > (known.get(key)?.last.sequence ?? Number.NEGATIVE_INFINITY)) {
      known.set(key, kept);
    }
  }
};
