import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { constrainRoute } from "../../../gateway/constraints/constrain-route.ts";
import type { Demand } from "../../../gateway/constraints/demand.ts";
import { isPermitted } from "../../../gateway/constraints/demand.ts";
import { RoutingPolicy } from "../../../gateway/policy/routing-policy.ts";
import { routeConfig } from "../../../gateway/route-config.ts";
import type { Route, RouteTable, Target } from "../../../gateway/route-table.ts";
import { compileRoutes } from "../../../gateway/route-table.ts";
import { anyVerdicts, nowMs } from "../policy/verdicts.ts";
import { placedTargets } from "./places.ts";

const regions = fc.subarray(["eu", "us", "ch"], { minLength: 1 });
const compliance = fc.subarray(["hipaa", "soc2"]);
const demands = fc.array(
  fc.record({ by: fc.constantFrom("route", "key", "request" as const), regions: fc.option(regions), compliance }),
  { maxLength: 3 },
);

const tableOf = (targets: readonly object[], more: object = {}): RouteTable =>
  compileRoutes({ r: routeConfig.parse({ models: ["m"], targets, ...more }) }, "none");

const routeIn = ({ byName }: RouteTable): Route => {
  const route = byName.get("r");
  if (route === undefined) throw new Error("no route");
  return route;
};

const routeOf = (targets: readonly object[], more: object = {}): Route => routeIn(tableOf(targets, more));

const place = fc.record({
  region: fc.constantFrom("eu", "us", "ch", undefined),
  compliance,
  weight: fc.constantFrom(0, 1, 50),
});
const places = fc.array(place, { minLength: 1, maxLength: 6 });

/** Whatever a call of a route may be sent to. */
const reachable = ({ targets, fallbacks, canary, shadow }: Route): readonly Target[] => [
  ...targets,
  ...[...fallbacks.values()].flat(),
  ...(canary === null ? [] : [canary.candidate, ...canary.others]),
  ...(shadow === null ? [] : [shadow.target]),
];

const withCanary = (route: Route, candidate: Target): Route => {
  const others = route.targets.filter((target) => target !== candidate);
  return { ...route, canary: { candidate, others, share: 0.1, unit: "request", salt: "s" } };
};

const eu: Demand = { by: "key", regions: ["eu"], compliance: [] };
const hipaa: Demand = { by: "route", regions: null, compliance: ["hipaa"] };
const variants = (targets: readonly Target[]): readonly string[] => targets.map(({ model }) => model ?? "");

describe("a route under demands", () => {
  test("has nothing left, in any part, that a demand forbids, and loses nothing else", () => {
    fc.assert(
      fc.property(places, demands, fc.nat(), (list, asked, at) => {
        const targets = list.map((place, index) => ({ provider: "p", variant: `v${index}`, class: "c", ...place }));
        const candidate = `v${at % list.length}`;
        const plain = routeOf(targets, { fallback: "class", shadow: { variant: candidate, share: 1 } });
        const target = plain.targets.find(({ variant }) => variant === candidate);
        const route = target === undefined ? plain : withCanary(plain, target);
        const { route: left, forbidden, refusal } = constrainRoute(route, asked);
        expect(reachable(left).filter(({ place }) => !isPermitted(place, asked))).toEqual([]);
        expect(forbidden).toBe(route.targets.filter(({ place }) => !isPermitted(place, asked)).length);
        expect(refusal === null).toBe(forbidden === 0);
        const live = route.targets.filter(({ place, weight }) => weight > 0 && isPermitted(place, asked));
        if (live.length > 0) expect(left.targets.filter(({ weight }) => weight > 0)).toEqual(live);
      }),
    );
  });

  test("stays so whatever verdicts make of it", () => {
    const four = fc.tuple(...["a", "b", "c", "d"].map((variant) => place.map((more) => ({ variant, ...more }))));
    fc.assert(
      fc.property(four, anyVerdicts, demands, (list, verdicts, asked) => {
        const targets = list.map((target) => ({ provider: "p", class: "c", ...target }));
        const policy = new RoutingPolicy(tableOf(targets, { fallback: "class" }));
        for (const verdict of verdicts) policy.offer(verdict, nowMs);
        const left = reachable(constrainRoute(routeIn(policy.routes), asked).route);
        expect(left.filter(({ place: at }) => !isPermitted(at, asked))).toEqual([]);
      }),
    );
  });

  test("is the same route where every target meets them", () => {
    const route = routeOf(placedTargets);
    expect(constrainRoute(route, [])).toEqual({ route, forbidden: 0, note: null, refusal: null });
  });

  test("says who demands what", () => {
    const { note, route } = constrainRoute(routeOf(placedTargets), [eu, hipaa]);
    expect([note, variants(route.targets)]).toEqual(["only region eu (key), compliance hipaa (route)", ["eu-hipaa"]]);
  });

  test("compares names whole: a region that only begins alike is another one", () => {
    const route = routeOf([{ provider: "p", region: "eu-west-2" }]);
    expect(constrainRoute(route, [eu]).refusal?.code).toBe("constraint.unmet");
  });

  test("is served by those that stand in where nobody else is left, in their order", () => {
    const [usTarget, ...rest] = ["us", "eu", "eu"].map((region, index) => ({
      ...{ provider: "p", variant: `v${index}`, region },
      weight: region === "us" ? 1 : 0,
    }));
    const route = routeOf([usTarget ?? {}, ...rest], { fallback: ["v2", "v1"] });
    const left = constrainRoute(route, [eu]).route;
    expect(left.targets.map(({ variant }) => variant)).toEqual(["v2"]);
    expect([...left.fallbacks].map(([from, to]) => [from, to.map(({ variant }) => variant)])).toEqual([["v2", ["v1"]]]);
  });

  test("has no canary where its candidate is forbidden, and keeps its share where the others are", () => {
    const route = routeOf(placedTargets);
    const [inEu, , inUs] = route.targets;
    if (inEu === undefined || inUs === undefined) throw new Error("no targets");
    expect(constrainRoute(withCanary(route, inUs), [eu]).route.canary).toBeNull();
    const alone = constrainRoute(withCanary(route, inEu), [{ ...eu, compliance: [] }]).route.canary;
    expect([alone?.share, variants(alone?.others ?? [])]).toEqual([0.1, ["eu-hipaa"]]);
  });
});
