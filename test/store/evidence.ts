import type { Evidence, Finding } from "../../core/evidence.ts";

/** Where the test of a series stands. */
export const evidenceAt = (minuteMs: number, fields: Partial<Evidence> = {}): Evidence => ({
  tenant: "acme",
  route: "chat",
  variant: "openai/gpt-4o",
  model: "gpt-4o-2024-08-06",
  measure: "refusal@1",
  prompt: "",
  minuteMs,
  status: "watching",
  reference: "its first 500 answers",
  logEvidence: 1.5,
  logBound: 6.9,
  current: { n: 100, mean: 0.02 },
  baseline: { n: 500, mean: 0.01 },
  says: "nothing yet",
  state: JSON.stringify({ minuteMs }),
  ...fields,
});

/** What was found when it stood so. */
export const findingOf = ({ status: _status, logBound: _bound, state: _state, ...rest }: Evidence): Finding => ({
  ...rest,
  kind: "drift",
});
