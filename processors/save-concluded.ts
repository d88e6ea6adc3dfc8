import type { Conclusions, Finding } from "../core/evidence.ts";
import type { ProcessorsDeps } from "./deps.ts";

/** Saves what a detector concluded, counts its findings and tells each once. */
export const saveConcluded = async (
  { store, meter, log }: ProcessorsDeps,
  conclusions: Conclusions,
  tell: { readonly says: string; readonly timeName: "minute" | "hour" },
): Promise<void> => {
  await store.saveConclusions(conclusions);
  const { findings } = conclusions;
  meter.add("driftFindings", findings.length, {});
  for (const finding of findings) {
    log.warn({ ...logged(finding), [tell.timeName]: new Date(finding.minuteMs).toISOString() }, tell.says);
  }
};

const logged = ({ tenant, route, model, measure, prompt, says }: Finding) => ({
  ...{ tenant, route, model, measure, prompt, says },
});
