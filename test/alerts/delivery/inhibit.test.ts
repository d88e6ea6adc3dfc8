import { expect, test } from "vitest";
import { makeInhibition } from "../../../alerts/delivery/inhibit.ts";
import { alertOf } from "./alerts.ts";
import { matchersOf } from "./policies.ts";

const rule = (source: string, target: string, equal: readonly string[]) =>
  makeInhibition([{ source: matchersOf(source), target: matchersOf(target), equal }]);

test.each([
  {
    name: "with equal labels",
    firing: [{ kind: "outage", route: "a" }],
    on: { kind: "drift", route: "a" },
    isMuted: true,
  },
  {
    name: "not with other labels",
    firing: [{ kind: "outage", route: "a" }],
    on: { kind: "drift", route: "b" },
    isMuted: false,
  },
  { name: "with labels that both lack", firing: [{ kind: "outage" }], on: { kind: "drift" }, isMuted: true },
  {
    name: "with a label that one lacks and is empty",
    firing: [{ kind: "outage", route: "" }],
    on: { kind: "drift" },
    isMuted: true,
  },
  {
    name: "not with a label that one lacks",
    firing: [{ kind: "outage", route: "a" }],
    on: { kind: "drift" },
    isMuted: false,
  },
  {
    name: "only what the target matches",
    firing: [{ kind: "outage", route: "a" }],
    on: { kind: "cost", route: "a" },
    isMuted: false,
  },
  {
    name: "only while a source fires",
    firing: [{ kind: "cost", route: "a" }],
    on: { kind: "drift", route: "a" },
    isMuted: false,
  },
])("an alert inhibits $name", ({ firing, on, isMuted }) => {
  const muted = rule("kind=outage", "kind=drift", ["route"])(firing.map((labels) => alertOf(labels)));
  expect(muted(alertOf(on).labels) !== null).toBe(isMuted);
});

test("an alert that matches both sides inhibits neither itself nor another such, but is inhibited by one of the source alone", () => {
  const inhibition = rule('kind=~"outage|both"', 'kind=~"both|drift"', []);
  const [both, other] = [alertOf({ kind: "both", n: "1" }), alertOf({ kind: "both", n: "2" })];
  const [outage, drift] = [alertOf({ kind: "outage" }), alertOf({ kind: "drift" })];
  expect(inhibition([both])(both.labels)).toBe(null);
  expect(inhibition([both, other])(both.labels)).toBe(null);
  expect(inhibition([both])(drift.labels)).toBe(both.fingerprint);
  expect(inhibition([both, outage])(both.labels)).toBe(outage.fingerprint);
});
