import { describe, expect, test } from "vitest";
import type { RulesDeps } from "../../../alerts/rules/rules-deps.ts";
import { PlumblineError } from "../../../core/errors.ts";
import { errors, minuteMs, setUpRules } from "./watched-rules.ts";

const rules = setUpRules();

const broken = {
  name: "broken",
  sql: "SELECT count() AS n FROM later WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}",
  window: "5m",
  threshold: { column: "n", op: ">=", value: 0 },
};

describe("rules of which something fails", () => {
  test("record a change that a crash kept from being recorded", async () => {
    await rules.given(80, 100);
    const dying = { ...rules.opened().store, saveEvents: () => Promise.reject(new Error("killed")) };
    await rules.watching([{ ...errors, for: "0s" }], { store: dying }).lookAfter(10_000);
    expect(await rules.recorded()).toEqual([]);
    await rules.watching([{ ...errors, for: "0s" }]).lookAfter(15_000);
    expect(await rules.recorded()).toEqual([["firing", "80% (limit > 30%)"]]);
  });

  test("save at the next look what could not be saved, and say so once", async () => {
    let isAway = true;
    const saved: number[] = [];
    const saveStates: RulesDeps["store"]["saveStates"] = (owner, states) => {
      saved.push(states.length);
      return isAway
        ? Promise.reject(new PlumblineError("store.unavailable", "away"))
        : rules.opened().store.saveStates(owner, states);
    };
    const { lookAfter, lines } = rules.watching([errors], { store: { ...rules.opened().store, saveStates } });
    await rules.given(80, 100);
    await lookAfter(10_000);
    await lookAfter(15_000);
    expect(await lookAfter(15_000)).toMatchObject([{ status: "firing" }]);
    isAway = false;
    await lookAfter(15_000);
    await lookAfter(15_000);
    expect(saved).toEqual([1, 1, 2, 2, 0]);
    expect((await rules.recorded()).map(([state]) => state)).toEqual(["pending", "firing"]);
    expect(lines).toEqual([
      "error: the state of alerts cannot be saved; a restart would go on from the state before",
      "warn: an alert fires",
      "a step of the alert rules works again",
    ]);
  });

  test("keep what they know while the store is away", async () => {
    let isAway = false;
    const ask: RulesDeps["store"]["ask"] = (question, parameters) =>
      isAway
        ? Promise.reject(new PlumblineError("store.unavailable", "away"))
        : rules.opened().store.ask(question, parameters);
    const { lookAfter, lines, watch } = rules.watching([{ ...errors, for: "0s" }], {
      store: { ...rules.opened().store, ask },
    });
    await rules.given(80, 100);
    await lookAfter(10_000);
    isAway = true;
    await lookAfter(15_000);
    expect(await lookAfter(15_000)).toMatchObject([
      { status: "firing", endsAtMs: rules.clock().nowMs() + 4 * minuteMs },
    ]);
    expect(watch.status).toMatchObject([{ state: "running", firing: 1 }]);
    expect(lines).toEqual([
      "warn: an alert fires",
      "error: the store does not answer alert rules; alerts stay as they are",
    ]);
  });

  test("whose SQL fails are parked and tried again each minute, while others go on", async () => {
    const { lookAfter, lines, watch, gauges } = rules.watching([broken, { ...errors, for: "0s" }]);
    await rules.given(80, 100);
    expect(await lookAfter(10_000)).toMatchObject([{ status: "firing" }]);
    await lookAfter(15_000);
    expect(watch.status).toMatchObject([
      { rule: "broken", state: "parked", reason: expect.stringContaining("later") },
      { rule: "errors", state: "running", reason: "" },
    ]);
    expect(gauges.get("rulesParked")).toBe(1);
    await rules.opened().command("CREATE TABLE later (at DateTime64(3)) ENGINE = MergeTree ORDER BY at");
    await lookAfter(15_000);
    expect(watch.status).toMatchObject([{ state: "parked" }, {}]);
    const told = await lookAfter(45_000);
    expect(watch.status).toMatchObject([{ state: "running" }, {}]);
    expect(told.map(({ labels }) => labels["alertname"])).toEqual(["broken", "errors"]);
    expect(lines).toEqual([
      "warn: an alert fires",
      "error: a rule failed and is parked; it is tried again each minute",
      "warn: an alert fires",
      "a parked rule works again",
    ]);
  });
});
