import type { Place } from "./place-of.ts";

/** What one party demands of the targets that a call is sent to. */
export interface Demand {
  /** Who demands it. */
  readonly by: "route" | "key" | "request";
  /** A target must be in one of them; null allows all. */
  readonly regions: readonly string[] | null;
  /** A target must comply with all of it. */
  readonly compliance: readonly string[];
}

/** The demands of a party as a list: empty where it demands nothing. */
export const demandOf = (
  by: Demand["by"],
  {
    regions,
    compliance,
  }: { readonly regions?: readonly string[] | undefined; readonly compliance?: readonly string[] | undefined },
): readonly Demand[] => {
  const demand = { by, regions: regions ?? null, compliance: compliance ?? [] };
  return demand.regions === null && demand.compliance.length === 0 ? [] : [demand];
};

/** Whether a target meets every demand; one whose region is not known is in none. */
export const isPermitted = ({ region, compliance }: Place, demands: readonly Demand[]): boolean =>
  demands.every(
    (demand) =>
      (demand.regions === null || (region !== null && demand.regions.includes(region))) &&
      demand.compliance.every((label) => compliance.includes(label)),
  );

/** The demands in words, such as `region eu or ch (key), compliance hipaa (route)`. */
export const demandText = (demands: readonly Demand[]): string =>
  demands
    .flatMap(({ by, regions, compliance }) => [
      ...(regions === null ? [] : [`region ${regions.join(" or ")} (${by})`]),
      ...(compliance.length === 0 ? [] : [`compliance ${compliance.join(" and ")} (${by})`]),
    ])
    .join(", ");
