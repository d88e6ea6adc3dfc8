import { describe, expect, test } from "vitest";
import type { FlaggerHook } from "../../../alerts/api/flagger.ts";
import { flaggerHooks, flaggerStatus } from "../../../alerts/api/flagger.ts";
import type { Standing } from "../../../alerts/rollouts/standing.ts";

describe("the status of a hook", () => {
  const verdicts = [null, "continue", "pass", "fail", "invalid"] as const;
  test.each<readonly [FlaggerHook, readonly number[]]>([
    ["confirm-rollout", [200, 200, 200, 409, 200]],
    ["pre-rollout", [200, 200, 200, 409, 200]],
    ["rollout", [200, 200, 200, 409, 200]],
    ["confirm-traffic-increase", [409, 409, 200, 409, 409]],
    ["confirm-promotion", [409, 409, 200, 409, 409]],
    ["rollback", [409, 409, 409, 200, 409]],
    ["post-rollout", [200, 200, 200, 200, 200]],
    ["event", [200, 200, 200, 200, 200]],
  ])("of %s is %j for nobody's canary, continue, pass, fail and invalid", (hook, statuses) => {
    const standings = verdicts.map((verdict): Standing | null => (verdict === null ? null : { verdict, reason: "" }));
    expect(standings.map((standing) => flaggerStatus(hook, standing))).toEqual(statuses);
  });

  test("is never 204, which Flagger takes for a failure, and never above 202 for what is undecided in a counted hook", () => {
    const counted = ["pre-rollout", "rollout"] as const;
    expect(counted.map((hook) => flaggerStatus(hook, { verdict: "continue", reason: "" }))).toEqual([200, 200]);
    const all = flaggerHooks.flatMap((hook) =>
      verdicts.map((verdict) => flaggerStatus(hook, verdict && { verdict, reason: "" })),
    );
    expect(new Set(all)).toEqual(new Set([200, 409]));
  });
});
