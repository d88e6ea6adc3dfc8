import { hash } from "node:crypto";
import type { Pick } from "./pick-target.ts";
import { pickTarget } from "./pick-target.ts";
import type { RouteCanary } from "./route-table.ts";
import { callerTraceId } from "./telemetry/trace-context.ts";

/** What the choice between a candidate and the others depends on. */
export interface CanaryPickArgs {
  readonly canary: RouteCanary;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The end user that the request names; null or empty when it names none. */
  readonly user: string | null;
  readonly session: string | null;
  readonly traceparent: string | null;
}

/**
 * Picks the candidate of a canary or, by weight, one of the others. A user or session that is with the candidate stays with it
 * as the share grows. Null when nobody takes the call.
 */
export const pickInCanary = (args: CanaryPickArgs): Pick | null => {
  const { candidate, others, share } = args.canary;
  const { place, basis } = placeOf(args);
  if (place < share) return { target: candidate, reason: `canary ${share} by ${basis}` };
  const pick = pickTarget({ targets: others, u: args.random() });
  return pick === null ? null : { target: pick.target, reason: `control ${share} by ${basis}` };
};

interface Place {
  /** Where a call stands in the route's calls, in [0, 1); below the share it is the candidate's. */
  readonly place: number;
  /** What it was taken from: only `user` and `session` are sticky. */
  readonly basis: "user" | "session" | "trace" | "request";
}

const placeOf = ({ canary: { unit, salt }, random, user, session, traceparent }: CanaryPickArgs): Place => {
  if (unit === "user" && user !== null && user !== "") return { place: unitPlace(salt, user), basis: "user" };
  if (unit === "session" && session !== null) return { place: unitPlace(salt, session), basis: "session" };
  // A call without what it is to be assigned by goes with its trace, so that the calls of one task stay together.
  const traceId = unit === "request" ? null : callerTraceId(traceparent);
  return traceId === null ? { place: random(), basis: "request" } : { place: unitPlace(salt, traceId), basis: "trace" };
};

/** Hex digits that a double holds exactly: 52 bits. */
const digits = 13;

/** The first 52 bits of SHA-256 of salt, zero byte and id, as a fraction: others must be able to compute the assignment. */
const unitPlace = (salt: string, id: string): number =>
  Number.parseInt(hash("sha256", `${salt}\0${id}`).slice(0, digits), 16) / 2 ** 52;
