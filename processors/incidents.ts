import { z } from "zod";
import type { Excluded } from "../stats/reference/fit-season.ts";
import { hourOf } from "./hour-of.ts";
import { timeConfig } from "./time-config.ts";

/** A time in which answers were not as usual, so that they are no reference, and of which everybody knows. */
export const incidentConfig = z
  .strictObject({
    from: timeConfig.describe("Begin, such as 2026-11-21T08:00:00Z."),
    to: timeConfig.describe("End; from then on answers count again."),
    route: z.string().min(1).optional().describe("Only this route; absent means every route."),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: "it ends before it begins", path: ["to"] });

/** A time of an incident, as configured. */
export type Incident = z.infer<typeof incidentConfig>;

/** Whether a time in milliseconds since the Unix epoch is within an incident of a route. */
export const isInIncident = (incidents: readonly Incident[], route: string, ms: number): boolean =>
  incidents.some((one) => isOf(one, route) && ms >= Date.parse(one.from) && ms < Date.parse(one.to));

/** The whole hours that an incident of a route touches. */
export const incidentHours = (incidents: readonly Incident[], route: string): readonly Excluded[] =>
  incidents
    .filter((one) => isOf(one, route))
    .map(({ from, to }) => ({ from: hourOf(Date.parse(from)), until: hourOf(Date.parse(to) - 1) + 1 }));

const isOf = (incident: Incident, route: string): boolean => incident.route === undefined || incident.route === route;
