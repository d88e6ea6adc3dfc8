import { describe, expect, test } from "vitest";
import type { CanaryLook } from "../../../alerts/canary/look.ts";
import { namedPlans, stagesOf } from "../../../alerts/canary/plan.ts";
import { enterStage, startCanary, stepCanary } from "../../../alerts/canary/step-canary.ts";
import { afterLooks, armOf, errorsLook, lookOf, planOf, times } from "./looks.ts";

const plan = planOf();
const start = startCanary({ plan, hash: "a", nowMs: 0 });

describe("a candidate", () => {
  test("with three times the errors is failed, and the verdict says by what", () => {
    const looks = times(60, (number) => errorsLook(number, [10, number % 3 === 0 ? 1 : 0], [190, 2]));
    const judged = afterLooks(plan, start, looks);
    expect(judged).toMatchObject({
      verdict: "fail",
      reason: "harm",
      look: "repeated",
      worst: { effect: { of: "rate" } },
    });
    expect(judged.says).toMatch(
      /^errors 3\.\d% against 1\.1%: 3\.\d\d times the baseline, 95% interval 1\.\d\d to 7\.\d\d; \d+ against \d+; evidence 1\d\d of 100$/,
    );
    expect(judged.state.looks).toBeLessThan(60);
  });

  test("like the baseline passes when that is shown, and until then it is told what is needed", () => {
    const look = (number: number): CanaryLook =>
      errorsLook(number, [10, number % 10 === 0 ? 1 : 0], [190, number % 10 === 0 ? 10 : 1]);
    const early = afterLooks(plan, start, times(20, look));
    expect(early).toMatchObject({ verdict: "continue", reason: "undecided" });
    expect(early.needed).toBeGreaterThan(200);
    expect(early.says).toBe(
      `stage 5%: about ${early.needed} more requests of the candidate to show less than 3 times the baseline, most of all for errors`,
    );
    const late = afterLooks(plan, start, times(120, look));
    expect(late).toMatchObject({ verdict: "pass", reason: "shown", needed: 0 });
    expect(late.says).toBe("stage 5%: errors are shown to stay below 3 times the baseline");
  });

  test("that is shown to be like the baseline stays until the stage has its least number of requests", () => {
    const many = planOf({ stages: [{ name: "50%", share: 0.5, margin: 3, least: 5_000, timeoutMinutes: 60 }] });
    const look = (number: number): CanaryLook => errorsLook(number, [100, 20], [100, 20]);
    expect(afterLooks(many, start, times(49, look))).toMatchObject({ verdict: "continue", needed: 100 });
    expect(afterLooks(many, start, times(50, look)).verdict).toBe("pass");
  });

  test("that has no errors, as the baseline has none, passes by its own rate", () => {
    const look = (number: number): CanaryLook => errorsLook(number, [10, 0], [190, 0]);
    expect(afterLooks(plan, start, times(60, look)).verdict).toBe("continue");
    expect(afterLooks(plan, start, times(120, look))).toMatchObject({ verdict: "pass", logEvidence: 0 });
  });

  test("is not failed by an outage that hits both arms", () => {
    const calm = times(20, (number) => errorsLook(number, [10, 0], [190, 2]));
    const outage = times(40, (number) => errorsLook(20 + number, [10, 5], [190, 95]));
    const judged = afterLooks(plan, start, [...calm, ...outage]);
    expect(judged.verdict).not.toBe("fail");
    expect(judged.logEvidence).toBeLessThan(0);
  });

  test("that is surely worse by less than the least effect goes on, and neither passes nor fails", () => {
    const looks = times(400, (number) => errorsLook(number, [1_000, 115], [1_000, 100]));
    const judged = afterLooks(plan, start, looks);
    expect(judged).toMatchObject({ verdict: "continue", reason: "small_effect" });
    expect(judged.says).toMatch(
      /^errors 11\.5% against 10\.0%: 1\.15 times .* which is sure and below the least effect; evidence 10\^/,
    );
  });

  test("without traffic is held when its stage's time is over, and not before", () => {
    const alone = (number: number): CanaryLook => errorsLook(number, [0, 0], [200, 2]);
    expect(afterLooks(plan, start, times(719, alone)).verdict).toBe("continue");
    const held = afterLooks(plan, start, times(720, alone));
    expect(held).toMatchObject({ verdict: "hold", reason: "timeout" });
    expect(held.says).toMatch(/^stage 5% is undecided after 60 minutes: about \d+ more requests of the candidate$/);
  });

  test("whose share of the traffic is not what was configured is invalid, whatever else is seen", () => {
    const look = (number: number): CanaryLook =>
      lookOf(number, {
        candidate: armOf({ errors: { n: 20, bad: 4 } }, 20),
        baseline: armOf({ errors: { n: 180, bad: 2 } }, 180),
      });
    expect(afterLooks(plan, start, [look(1)]).verdict).toBe("continue");
    const judged = afterLooks(planOf({ alphaFail: 1e-9 }), start, times(20, look));
    expect(judged).toMatchObject({ verdict: "invalid", reason: "sample_ratio" });
    expect(judged.says).toMatch(/^the arms do not get their shares of requests/);
  });

  test("with all of the traffic has nothing to be compared with any more, and is through", () => {
    const all = planOf({ stages: stagesOf(namedPlans["1-5-25-50-100"]) });
    const last = enterStage(startCanary({ plan: all, hash: "a", nowMs: 0 }), 4, 0);
    expect(afterLooks(all, last, [errorsLook(1, [200, 2], [0, 0])])).toMatchObject({
      verdict: "pass",
      reason: "complete",
    });
  });
});

describe("stages", () => {
  const two = planOf({
    stages: [
      { name: "5%", share: 0.05, margin: 3, least: 100, timeoutMinutes: 60 },
      { name: "50%", share: 0.5, margin: 2, least: 300, timeoutMinutes: 60 },
    ],
  });
  const looks = times(30, (number) => errorsLook(number, [10, number % 5 === 0 ? 1 : 0], [190, 2]));

  test("keep the evidence of those before and count time and units anew", () => {
    const before = afterLooks(two, startCanary({ plan: two, hash: "a", nowMs: 0 }), looks);
    const entered = enterStage(before.state, 1, 150_000);
    const more = errorsLook(31, [100, 2], [100, 1]);
    const judged = afterLooks(two, entered, [more]);
    expect(judged.logEvidence).toBeGreaterThan(before.logEvidence);
    expect(judged.stage.name).toBe("50%");
    expect(judged.needed).toBeGreaterThanOrEqual(200);
    expect(stepCanary({ plan: two, state: entered, look: more, nowMs: 150_000 + 3_600_000 }).verdict).toBe("hold");
    expect(stepCanary({ plan: two, state: entered, look: more, nowMs: 150_000 + 3_599_999 }).verdict).toBe("continue");
  });

  test("begin anew, with nothing known, when the configuration has changed", () => {
    const before = enterStage(
      afterLooks(two, startCanary({ plan: two, hash: "a", nowMs: 0 }), looks).state,
      1,
      150_000,
    );
    const changed = { ...errorsLook(31, [10, 0], [190, 0]), hash: "b" };
    const judged = stepCanary({ plan: two, state: before, look: changed, nowMs: 155_000 });
    expect(judged.look).toBe("restarted");
    expect(judged.state).toMatchObject({ hash: "b", stage: 0, looks: 1 });
    expect(judged.logEvidence).toBe(0);
    const late = { ...errorsLook(30, [10, 9], [190, 0]), hash: "a" };
    expect(stepCanary({ plan: two, state: judged.state, look: late, nowMs: 155_000 }).state).toBe(judged.state);
  });

  test("of the shipped plans demand more as more is at stake", () => {
    const stages = stagesOf(namedPlans["internal-1-5-20-100"]);
    expect(stages.map(({ name, margin, least }) => [name, margin, least])).toEqual([
      ["internal", 3, 300],
      ["1%", 3, 400],
      ["5%", 2, 1_000],
      ["20%", 1.5, 4_000],
      ["100%", 1.5, 4_000],
    ]);
  });
});
