import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pickTarget } from "../../gateway/pick-target.ts";
import { routeConfig } from "../../gateway/route-config.ts";
import type { RouteTable } from "../../gateway/route-table.ts";
import { compileRoutes, findRoute, listModels } from "../../gateway/route-table.ts";

const table = (routes: Readonly<Record<string, unknown>>): RouteTable =>
  compileRoutes(
    Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, routeConfig.parse(route)])),
    "redacted",
  );

const routes = {
  chat: { models: ["a", "b"], targets: [{ provider: "p", model: "a-2" }, { provider: "p" }] },
  rest: { models: ["*"], targets: [{ provider: "q" }], contentPolicy: "none" },
  replay: { models: ["*"], isByNameOnly: true, targets: [{ provider: "r" }] },
  small: { models: ["s"], isByNameOnly: true, targets: [{ provider: "r" }] },
};

describe("findRoute", () => {
  test.each([
    { header: null, model: "a", found: "chat" },
    { header: null, model: "b", found: "chat" },
    { header: null, model: "z", found: "rest" },
    { header: null, model: "s", found: "rest" },
    { header: "replay", model: "a", found: "replay" },
    { header: "small", model: "s", found: "small" },
    { header: "small", model: "a", found: "unknown_model" },
    { header: "none", model: "a", found: "unknown_route" },
    { header: "__proto__", model: "a", found: "unknown_route" },
  ])("header $header and model $model: $found", ({ header, model, found }) => {
    const lookup = findRoute(table(routes), header, model);
    expect(lookup.kind === "found" ? lookup.route.name : lookup.kind).toBe(found);
  });

  test("without a route for any model an unlisted one is unknown", () => {
    expect(findRoute(table({ chat: routes.chat }), null, "*").kind).toBe("unknown_model");
  });
});

describe("compileRoutes", () => {
  test("lists the models that need no header", () => {
    expect(listModels(table(routes))).toEqual(["a", "b"]);
  });

  test("names targets and applies the gateway's policy where a route has none", () => {
    const { byName } = table(routes);
    expect(byName.get("chat")?.targets.map(({ variant }) => variant)).toEqual(["p/a-2", "p"]);
    expect([byName.get("chat")?.contentPolicy, byName.get("rest")?.contentPolicy]).toEqual(["redacted", "none"]);
  });

  test("the version changes with the routes and only with them", () => {
    const heavier = { ...routes, chat: { ...routes.chat, targets: [{ provider: "p", weight: 7 }] } };
    expect(table(routes).version).toBe(table(routes).version);
    expect(table(heavier).version).not.toBe(table(routes).version);
    expect(table(routes).version).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("pickTarget", () => {
  const target = (variant: string, weight: number) => ({
    ...{ provider: variant, model: null, weight, variant },
    ...{ pin: null, cost: null, place: { region: null, compliance: [] } },
  });

  test("gives each target its share of the unit interval, in order", () => {
    const targets = [target("a", 90), target("zero", 0), target("b", 10)];
    const at = (u: number): string | undefined => pickTarget({ targets, u })?.target.variant;
    expect([0, 0.5, 0.8999, 0.9, 0.9999].map(at)).toEqual(["a", "a", "a", "b", "b"]);
    expect(pickTarget({ targets, u: 0.95 })?.reason).toBe("weight 10/100");
  });

  test("never picks a target of weight 0, and always picks one when any has weight", () => {
    const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e6, noNaN: true })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (values, u) => {
        const pick = pickTarget({ targets: values.map((weight, index) => target(String(index), weight)), u });
        expect(pick === null).toBe(values.every((weight) => weight === 0));
        expect(pick?.target.weight).not.toBe(0);
      }),
    );
  });
});
