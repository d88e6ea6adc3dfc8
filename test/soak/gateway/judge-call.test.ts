import { describe, expect, it } from "vitest";
import type { CallSides, Defect } from "./judge-call.ts";
import { judgeCall } from "./judge-call.ts";

const fine: CallSides = { behaviour: "answer", view: "whole", isAsked: true, spans: 1, outcome: "ok" };

const rows: readonly (readonly [string, Partial<CallSides>, Defect])[] = [
  ["a whole answer that is recorded as such is fine", {}, null],
  ["a whole answer without a record is lost", { spans: 0, outcome: null }, "lost"],
  ["a second record is double, whatever the first says", { spans: 2 }, "double"],
  ["a whole answer is not recorded as interrupted", { outcome: "interrupted" }, "disagrees"],
  ["a refused request has no record", { view: "refused", isAsked: false, spans: 0, outcome: null }, null],
  ["a refused request with a record is no call", { view: 503, isAsked: false }, "not_a_call"],
  ["a broken call that the provider saw needs a record", { view: "broken", spans: 0, outcome: null }, "lost"],
  ["a broken call that nobody saw needs none", { view: "broken", isAsked: false, spans: 0, outcome: null }, null],
  ["a broken call may have ended before the kill", { view: "broken" }, null],
  ["a broken call is interrupted", { view: "broken", outcome: "interrupted" }, null],
  ["a broken call is not one that its caller gave up", { view: "broken", outcome: "client_abort" }, "disagrees"],
  ["a cut stream is not shown as success", { behaviour: "cut", view: "unfinished" }, "disagrees"],
  ["a limit of the provider is told apart", { behaviour: "429", view: 429, outcome: "provider_error" }, "disagrees"],
];

describe("a call that is held against its record", () => {
  it.each(rows)("%s", (_, sides, defect) => {
    expect(judgeCall({ ...fine, ...sides })).toBe(defect);
  });
});
