import type { Outcome } from "../../../core/outcomes.ts";
import type { Behaviour } from "./call-mix.ts";
import type { View } from "./make-call.ts";

/** What is known of a call from all sides. */
export interface CallSides {
  readonly behaviour: Behaviour;
  readonly view: View;
  /** Whether the provider was asked. */
  readonly isAsked: boolean;
  /** Spans of the call on the bus. */
  readonly spans: number;
  /** Outcome on the last of them; null when there is none. */
  readonly outcome: Outcome | null;
}

/** What is wrong with the record of a call; null when nothing is. */
export type Defect = "lost" | "double" | "not_a_call" | "disagrees" | null;

/** Holds the record of a call against what its caller and its provider saw. */
export const judgeCall = ({ behaviour, view, isAsked, spans, outcome }: CallSides): Defect => {
  if (spans > 1) {
    return "double";
  }
  // What was refused is no call. One that was never begun because its caller or its gateway was gone need not be.
  const isRefused = view === "refused" || view === 503;
  const mayBeNone = !isAsked && (view === "broken" || view === "aborted");
  if (outcome === null) {
    return isRefused || mayBeNone ? null : "lost";
  }
  if (isRefused) {
    return "not_a_call";
  }
  return outcomesOf(view, behaviour).includes(outcome) ? null : "disagrees";
};

const outcomesOf = (view: View, behaviour: Behaviour): readonly Outcome[] => {
  switch (view) {
    case "whole":
      return ["ok"];
    case "aborted":
      return ["client_abort", "interrupted"];
    case "unfinished":
      return ["stalled", "timeout", "upstream_cut", "provider_error"];
    case "broken":
      // The record may have ended before the kill, and its last bytes not have come through.
      return ["interrupted", ...ownOutcomes[behaviour]];
    case "refused":
      return [];
    case 429:
      return ["rate_limited"];
    case 502:
      return ["upstream_cut", "provider_error"];
    case 504:
      return ["timeout", "stalled"];
    default:
      return ["provider_error"];
  }
};

const ownOutcomes: Readonly<Record<Behaviour, readonly Outcome[]>> = {
  answer: ["ok"],
  abort: ["client_abort"],
  stall: ["stalled", "timeout"],
  silence: ["timeout"],
  cut: ["upstream_cut", "provider_error"],
  "400": ["provider_error"],
  "404": ["provider_error"],
  "429": ["rate_limited"],
  "500": ["provider_error"],
};
