import { describe, expect, test } from "vitest";
import { deliveryConfig } from "../../../alerts/delivery/delivery-config.ts";
import { makeInhibition } from "../../../alerts/delivery/inhibit.ts";
import { parseConfig } from "../../../config/load-config.ts";
import { alertOf } from "./alerts.ts";

const parse = (text: string) => parseConfig({ schema: deliveryConfig, file: "f.yaml", text, environment: {} });

test("an empty section sends everything to the log", () => {
  const config = deliveryConfig.parse(undefined);
  expect(config).toEqual(deliveryConfig.parse({}));
  expect(config.route).toEqual({ matchers: [], continue: false, routes: [] });
  expect(config.receivers).toEqual({});
});

test("routes are read at every depth, with both notations of conditions", () => {
  const config = deliveryConfig.parse({
    receivers: { pager: { kind: "pagerduty", routingKey: "k" } },
    route: { routes: [{ match: { a: "b" }, matchers: ["c!~d"], routes: [{ receiver: "pager" }] }] },
  });
  expect(config.route.routes).toEqual([
    {
      matchers: [
        { name: "a", operator: "=", value: "b" },
        { name: "c", operator: "!~", value: "d" },
      ],
      continue: false,
      routes: [{ matchers: [], continue: false, receiver: "pager", routes: [] }],
    },
  ]);
});

test("every mistake is named at its line", () => {
  const text = [
    "receivers:",
    "  hook: { kind: webhook, url: 'file:///etc/passwd' }",
    "  chat: { kind: slack, url: '${SLACK_URL}' }",
    "route:",
    "  routes:",
    "    - matchers: ['a=~(']",
    "    - { receiver: hook, matches: [] }",
  ].join("\n");
  const parsed = parse(text);
  expect(parsed.ok ? [] : parsed.problems.map(({ line, path }) => [line, path])).toEqual([
    [2, "receivers.hook.url"],
    [3, "receivers.chat.url"],
    [6, "route.routes[0].matchers[0]"],
    [7, "route.routes[1].matches"],
  ]);
});

test("a receiver that does not exist is named at its route", () => {
  const parsed = parse("route:\n  routes:\n    - routes:\n        - receiver: nobody\n");
  expect(parsed.ok ? [] : parsed.problems).toEqual([
    {
      file: "f.yaml",
      line: 4,
      entry: null,
      path: "route.routes[0].routes[0].receiver",
      message: "there is no receiver nobody",
    },
  ]);
});

describe("without a list of one's own", () => {
  const { inhibitions } = deliveryConfig.parse({});
  const inhibit = makeInhibition(inhibitions);

  test.each([
    { by: { category: "provider_outage", provider: "p" }, of: { category: "drift", provider: "p" }, isMuted: true },
    { by: { category: "provider_outage", provider: "p" }, of: { category: "drift", provider: "q" }, isMuted: false },
    { by: { category: "provider_outage", provider: "p" }, of: { category: "drift", route: "r" }, isMuted: false },
    { by: { category: "provider_outage", route: "r" }, of: { category: "canary", route: "r" }, isMuted: true },
    {
      by: { category: "canary", verdict: "fail", route: "r", variant: "v" },
      of: { category: "drift", route: "r", variant: "v" },
      isMuted: true,
    },
    {
      by: { category: "canary", verdict: "fail", route: "r", variant: "v" },
      of: { category: "drift", route: "r", variant: "w" },
      isMuted: false,
    },
    {
      by: { category: "canary", verdict: "invalid", route: "r" },
      of: { category: "canary", verdict: "fail", route: "r" },
      isMuted: true,
    },
    {
      by: { category: "canary", verdict: "fail", route: "r" },
      of: { category: "canary", verdict: "invalid", route: "r" },
      isMuted: false,
    },
  ])("$by mutes $of: $isMuted", ({ by, of, isMuted }) => {
    expect(inhibit([alertOf(by)])(alertOf(of).labels) !== null).toBe(isMuted);
  });
});
