import { failureClass } from "../attempts/failure-class.ts";
import type { AttemptEnd } from "../call-recorder.ts";
import type { Sign } from "./breaker.ts";

/**
 * What the end of an attempt says of its target. What is the caller's fault says that it is well, and so does a model that
 * is not there where the caller chose it.
 */
export const signOf = (end: AttemptEnd, isModelOurs: boolean): Sign => {
  switch (end.outcome) {
    case "ok":
      return "well";
    case "provider_error":
    case "rate_limited":
    case "upstream_cut":
    case "stalled":
    case "timeout": {
      const failure = failureClass(end);
      return failure === "request" || (failure === "model" && !isModelOurs) ? "well" : "failing";
    }
    default:
      return "unknown";
  }
};
