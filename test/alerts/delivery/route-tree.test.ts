import { describe, expect, test } from "vitest";
import { allRoutes, buildTree, groupLabelsOf, routesOf } from "../../../alerts/delivery/route-tree.ts";
import { defaults, routeOf } from "./policies.ts";

const tree = buildTree(
  routeOf([], {
    receiver: "all",
    routes: [
      routeOf(['team="llm"'], {
        receiver: "llm",
        groupBy: ["alertname"],
        routes: [
          routeOf(['severity="page"'], { receiver: "llm-page", groupWaitSeconds: 5 }),
          routeOf(['severity=~"page|ticket"'], { receiver: "llm-ticket" }),
        ],
      }),
      routeOf(['audit="yes"'], { receiver: "audit", continue: true }),
      routeOf(["severity=page"], { receiver: "page", routes: [routeOf(["route=chat"], { continue: true })] }),
    ],
  }),
  defaults,
);

describe("an alert takes", () => {
  test.each([
    { name: "the root, when no child matches", labels: { severity: "info" }, receivers: ["all"] },
    { name: "the first child that matches", labels: { severity: "page" }, receivers: ["page"] },
    { name: "the deepest match", labels: { team: "llm", severity: "page" }, receivers: ["llm-page"] },
    { name: "the parent, when none of its children matches", labels: { team: "llm" }, receivers: ["llm"] },
    {
      name: "the next that matches after one that continues",
      labels: { audit: "yes", severity: "page" },
      receivers: ["audit", "page"],
    },
    { name: "one that continues alone, when no other matches", labels: { audit: "yes" }, receivers: ["audit"] },
    { name: "one that continues for itself alone", labels: { severity: "page", route: "chat" }, receivers: ["page"] },
    { name: "no sibling after a match without continue", labels: { team: "llm", audit: "yes" }, receivers: ["llm"] },
  ])("$name", ({ labels, receivers }) => {
    expect(routesOf(tree, labels).map(({ receiver }) => receiver)).toEqual(receivers);
  });
});

test("a route has from its parent what it leaves out", () => {
  const [page] = routesOf(tree, { team: "llm", severity: "page" });
  expect(page).toMatchObject({ ...defaults, receiver: "llm-page", groupBy: ["alertname"], groupWaitMs: 5_000 });
});

test("every route has a key of its own", () => {
  const keys = allRoutes(tree).map(({ key }) => key);
  expect(keys).toContain('{}/{team="llm"}/{severity="page"}@llm-page');
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  { groupBy: ["route", "model"], expected: { route: "chat" } },
  { groupBy: [], expected: {} },
  { groupBy: ["..."], expected: { alertname: "A", route: "chat" } },
])("groups by $groupBy", ({ groupBy, expected }) => {
  expect(groupLabelsOf({ ...defaults, groupBy }, { route: "chat", alertname: "A" })).toEqual(expected);
});
