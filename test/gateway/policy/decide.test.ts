import { describe, expect, test } from "vitest";
import type { Verdict } from "../../../core/verdict.ts";
import { subjectOf, verdictKeyOf } from "../../../core/verdict.ts";
import { decide } from "../../../gateway/policy/decide.ts";
import type { PolicyRoute } from "../../../gateway/policy/policy-table.ts";
import { effective, sharesOf } from "./effective.ts";
import { canaryOf, factorOn, nowMs, routeOf, tableOf, tierOf, verdictOf } from "./verdicts.ts";

const reasons = (route: PolicyRoute, verdicts: readonly Verdict[]): readonly string[] => {
  let table = tableOf(route);
  return verdicts.map((verdict) => {
    const decision = decide(verdict, table, nowMs);
    table = decision.table;
    return decision.reason;
  });
};

describe("a verdict on a route of a: 60, b: 40 and a candidate c: 0", () => {
  const route = routeOf({ a: 60, b: 40, c: 0 });
  const ejectA = verdictOf(factorOn("a", 0));
  const ejectB = verdictOf(factorOn("b", 0), { id: 2 });

  test.each([
    {
      story: "a factor takes its part",
      verdicts: [verdictOf(factorOn("a", 0.5))],
      shares: { a: 3 / 7, b: 4 / 7, c: 0 },
    },
    { story: "an ejected target gets nothing", verdicts: [ejectA], shares: { a: 0, b: 1, c: 0 } },
    {
      story: "a restored one has what it had",
      verdicts: [ejectA, verdictOf(factorOn("a", 1), { id: 3, sequence: 2 })],
      shares: { a: 0.6, b: 0.4, c: 0 },
    },
    {
      story: "a canary has exactly its share, and the others keep their proportion",
      verdicts: [verdictOf(canaryOf("c", 0.05))],
      shares: { a: 0.57, b: 0.38, c: 0.05 },
    },
    {
      story: "a canary on a target with a weight takes its share in the place of the weight",
      verdicts: [verdictOf(canaryOf("b", 0.05))],
      shares: { a: 0.95, b: 0.05, c: 0 },
    },
    { story: "a promoted candidate has all", verdicts: [verdictOf(canaryOf("c", 1))], shares: { a: 0, b: 0, c: 1 } },
    {
      story: "a candidate that was rolled back has nothing",
      verdicts: [verdictOf(canaryOf("b", 0))],
      shares: { a: 1, b: 0, c: 0 },
    },
    {
      story: "an ejected candidate has nothing, whatever its canary says",
      verdicts: [verdictOf(canaryOf("c", 0.2)), verdictOf(factorOn("c", 0), { id: 2 })],
      shares: { a: 0.6, b: 0.4, c: 0 },
    },
    { story: "a tier takes all", verdicts: [verdictOf(tierOf("c"))], shares: { a: 0, b: 0, c: 1 } },
    {
      story: "a canary takes its share from a tier",
      verdicts: [verdictOf(tierOf("b")), verdictOf(canaryOf("c", 0.1), { id: 2 })],
      shares: { a: 0, b: 0.9, c: 0.1 },
    },
    {
      story: "a tier that was ejected is left out",
      verdicts: [verdictOf(tierOf("b")), ejectB],
      shares: { a: 1, b: 0, c: 0 },
    },
    { story: "of all that are to go, the first stays", verdicts: [ejectA, ejectB], shares: { a: 1, b: 0, c: 0 } },
  ])("$story", ({ verdicts, shares }) => {
    const found = sharesOf(effective(route, verdicts));
    for (const [variant, wanted] of Object.entries(shares)) expect(found[variant]).toBeCloseTo(wanted, 12);
  });

  const reroute = verdictOf(factorOn("a", 0.5), { sequence: 2 });
  test.each([
    {
      story: "is applied, and repeated when it comes again",
      verdicts: [reroute, reroute],
      want: ["applied", "repeated"],
    },
    {
      story: "that is older than the latest is out of order",
      verdicts: [reroute, verdictOf(factorOn("a", 0), { id: 2, sequence: 1 })],
      want: ["applied", "out_of_order"],
    },
    {
      story: "that has expired moves nothing",
      verdicts: [verdictOf(factorOn("a", 0), { expiresAtMs: nowMs })],
      want: ["expired"],
    },
    {
      story: "on a route or variant that is not configured is unknown",
      verdicts: [
        verdictOf({ kind: "tier", route: "elsewhere", variant: null }),
        verdictOf(factorOn("z", 0), { id: 2 }),
        verdictOf(canaryOf("z", 0.1), { id: 3 }),
      ],
      want: ["unknown_subject", "unknown_subject", "unknown_subject"],
    },
    { story: "that would leave nobody meets the floor", verdicts: [ejectB, ejectA], want: ["applied", "floor"] },
    {
      story: "that is a dry run moves nothing and bars nothing",
      verdicts: [verdictOf(factorOn("a", 0.5), { sequence: 9, isDryRun: true, id: 9 }), reroute],
      want: ["dry_run", "applied"],
    },
  ])("$story", ({ verdicts, want }) => {
    expect(reasons(route, verdicts)).toEqual(want);
  });

  test("that waits for the floor takes effect when there is room", () => {
    const back = verdictOf(factorOn("b", 1), { id: 3, sequence: 2 });
    expect(sharesOf(effective(route, [ejectB, ejectA, back]))).toEqual({ a: 0, b: 1, c: 0 });
  });

  test("with a floor of 2 neither leaves one target nor gives all to a tier", () => {
    const two = routeOf({ a: 60, b: 40, c: 0 }, 2);
    const tier = verdictOf(tierOf("c"), { id: 3 });
    expect(reasons(two, [ejectA, tier, verdictOf(canaryOf("c", 1), { id: 4 })])).toEqual(["floor", "floor", "floor"]);
  });
});

describe("a subject", () => {
  test("is one for each route and variant, whatever colons they hold", () => {
    const pairs = [
      ["a", "b:c"],
      ["a:b", "c"],
      ["a%3Ab", "c"],
    ] as const;
    const subjects = pairs.map(([route, variant]) => subjectOf({ kind: "target", route, variant, factor: 0 }));
    expect(new Set(subjects).size).toBe(3);
  });

  test("of a dry run has a key of its own", () => {
    const real = verdictOf(tierOf("a"));
    expect(verdictKeyOf(real)).toBe("tier:r");
    expect(verdictKeyOf({ ...real, isDryRun: true })).toBe("dry_run:tier:r");
  });
});
