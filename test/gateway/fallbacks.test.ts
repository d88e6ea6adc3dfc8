import { describe, expect, test } from "vitest";
import type { Verdict } from "../../core/verdict.ts";
import { gatewayConfig } from "../../gateway/config.ts";
import { effectiveRoutes } from "../../gateway/policy/effective-routes.ts";
import type { RouteTable } from "../../gateway/route-table.ts";
import { compileRoutes } from "../../gateway/route-table.ts";

const targets = [
  { provider: "simulated", variant: "a", class: "large" },
  { provider: "simulated", variant: "b", class: "small" },
  { provider: "simulated", variant: "c", class: "large", weight: 0 },
];
const configOf = (fallback: unknown): object => ({ routes: { main: { models: ["m"], targets, fallback } } });
const tableOf = (fallback: unknown): RouteTable =>
  compileRoutes(gatewayConfig.parse(configOf(fallback)).routes, "redacted");
const chains = (table: RouteTable): unknown =>
  [...(table.byName.get("main")?.fallbacks ?? [])].map(([variant, list]) => [
    variant,
    list.map((each) => each.variant),
  ]);

const eject = (variant: string): Verdict => ({
  version: 1,
  id: "0".repeat(32),
  sequence: 1,
  action: "eject",
  effect: { kind: "target", route: "main", variant, factor: 0 },
  reason: "it fails",
  evidenceId: null,
  issuedAtMs: 0,
  expiresAtMs: 10,
  isDryRun: false,
});

describe("who stands in for a target", () => {
  test("are those named, in their order, and never itself", () => {
    expect(chains(tableOf(["c", "a"]))).toEqual([
      ["a", ["c"]],
      ["b", ["c", "a"]],
      ["c", ["a"]],
    ]);
  });

  test("by class are the others of its class", () => {
    expect(chains(tableOf("class"))).toEqual([
      ["a", ["c"]],
      ["c", ["a"]],
    ]);
  });

  test.each(["a", "c"])("is not %s while a verdict has ejected it, and is again when that has expired", (variant) => {
    const table = tableOf(["c", "a"]);
    const latest = new Map([["target:main", eject(variant)]]);
    const others = ["c", "a"].filter((each) => each !== variant);
    expect(chains(effectiveRoutes(table, { latest }, 0))).toContainEqual(["b", others]);
    expect(chains(effectiveRoutes(table, { latest }, 10))).toContainEqual(["b", ["c", "a"]]);
  });

  test("must be targets of the route", () => {
    const problems = gatewayConfig.safeParse(configOf(["d"])).error?.issues ?? [];
    expect(problems.map(({ path, message }) => [path.join("."), message])).toEqual([
      ["routes.main.fallback.0", 'no target of this route is called "d"'],
    ]);
  });
});
