import { describe, expect, test } from "vitest";
import type { NoDataPolicy } from "../../../alerts/rules/no-data-policy.ts";
import { stepAlert } from "../../../alerts/rules/step-alert.ts";
import type { TrackedAlert } from "../../../alerts/rules/tracked-alert.ts";
import type { Look } from "./watch-alert.ts";
import { everyMs, minute, over, start, startMs, timing, watch } from "./watch-alert.ts";

const statesOf = (looks: readonly Look[]): string =>
  looks.map(({ alert }) => (alert === null ? "-" : alert.state.slice(0, 1))).join("");

describe("an alert", () => {
  test.each([
    { story: "fires when its condition has held for two minutes", signs: "xxxxxxxxx", states: "ppppppppf" },
    { story: "does not fire when its condition holds for less", signs: "xxxxxxxx.", states: "pppppppp-" },
    { story: "begins anew after one look at which it did not hold", signs: "xxxx.xxxxxxxxx", states: "pppp-ppppppppf" },
    { story: "keeps firing for a minute, then is resolved", signs: "xxxxxxxxx.....", states: "ppppppppfffffr" },
    {
      story: "goes on firing when its condition holds again meanwhile",
      signs: "xxxxxxxxx...x....",
      states: "ppppppppfffffffff",
    },
    { story: "is told as resolved while it is pending again", signs: "xxxxxxxxx.....x.", states: "ppppppppfffffrpr" },
  ])("$story", ({ signs, states }) => {
    expect(statesOf(watch(signs))).toBe(states);
  });

  test("fires at once and is resolved at once where no times are given", () => {
    const looks = watch("x.", { ...timing, forMs: 0, keepFiringForMs: 0 });
    expect(looks.map(({ reason }) => reason)).toEqual(["fired", "resolved"]);
  });

  test("records when it was active, fired and ended, and the text of the last look at which it held", () => {
    const last = watch("xxxxxxxxx.....").at(-1)?.alert;
    expect(last).toEqual({
      ...start(),
      state: "resolved",
      annotations: { summary: "9" },
      firedAtMs: startMs + 8 * everyMs,
      resolvedAtMs: startMs + 13 * everyMs,
      lastSeenMs: startMs + 13 * everyMs,
      lookedAtMs: startMs + 13 * everyMs,
      value: 1,
    });
  });

  test("is told as resolved for 15 minutes and then forgotten", () => {
    const looks = watch(`x${".".repeat(62)}`, { ...timing, forMs: 0, keepFiringForMs: 0 });
    const told = looks.filter(({ alert }) => alert?.state === "resolved");
    expect(told.map(({ atMs }) => atMs).at(-1)).toBe(15 * minute);
    expect(looks.at(-1)).toMatchObject({ alert: null, reason: "quiet" });
  });

  test("that nobody looked at for a while has not held meanwhile", () => {
    const pending: TrackedAlert = { ...start(), state: "pending", activeAtMs: startMs, lookedAtMs: startMs };
    const look = { alert: pending, sample: over, rule: timing, isOverAtZero: false, longestGapMs: 4 * everyMs };
    const late = stepAlert({ ...look, nowMs: startMs + 10 * minute });
    expect(late).toMatchObject({
      reason: "looked_away",
      alert: { state: "pending", activeAtMs: startMs + 10 * minute },
    });
    expect(stepAlert({ ...look, nowMs: startMs + 4 * everyMs }).reason).toBe("waits");
  });
});

describe("a series that vanishes", () => {
  const quick = { forMs: 0, keepFiringForMs: 0 };
  test.each<{ story: string; noData: NoDataPolicy; signs: string; states: string; overAtZero?: boolean }>([
    { story: "ends its alert where no data is ok", noData: { policy: "ok" }, signs: "x__", states: "frr" },
    {
      story: "keeps its alert where the last value is kept, for as long as is said",
      noData: { policy: "keep_last", at_most: 2 * everyMs },
      signs: "x____",
      states: "fffrr",
    },
    {
      story: "keeps its quiet where the last value was fine",
      noData: { policy: "keep_last", at_most: 2 * everyMs },
      signs: ".____",
      states: "iii--",
    },
    {
      story: "raises an alert where that is asked for, until it counts as gone",
      noData: { policy: "alert", at_most: 3 * everyMs },
      signs: ".____",
      states: "ifffr",
    },
    {
      story: "ends an alert where it stands for 0",
      noData: { policy: "zero", at_most: minute },
      signs: "x_",
      states: "fr",
    },
    {
      story: "raises an alert where it stands for 0 and 0 is over the limit",
      noData: { policy: "zero", at_most: minute },
      signs: "._",
      states: "if",
      overAtZero: true,
    },
  ])("$story", ({ noData, signs, states, overAtZero = false }) => {
    expect(statesOf(watch(signs, { ...quick, noData }, overAtZero))).toBe(states);
  });

  test("is forgotten when it never had an alert", () => {
    expect(watch("_")).toMatchObject([{ alert: null, reason: "forgotten" }]);
  });
});
