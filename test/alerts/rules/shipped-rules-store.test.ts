import { beforeEach, describe, expect, test } from "vitest";
import { loadRules } from "../../../alerts/rules/load-rules.ts";
import { rulesConfig } from "../../../alerts/rules/rules-config.ts";
import type { Call } from "../../../core/call.ts";
import { batchOf, callAt } from "../../store/batches.ts";
import { evidenceAt, findingOf } from "../../store/evidence.ts";
import type { Watching } from "./watched-rules.ts";
import { minuteMs, setUpRules } from "./watched-rules.ts";

const setUp = setUpRules();
const loaded = loadRules({ dir: null, off: [] });
if (!loaded.ok) throw new Error("the shipped rules have mistakes");
const { rules } = loaded;

let offset = 0;
let watching: Watching;

beforeEach(() => {
  const config = rulesConfig.parse({ settleSeconds: 0, amounts: { daily_budget_usd: 2, monthly_budget_usd: 40 } });
  watching = setUp.watching([], { rules, config });
});

/** Stores calls of the minute that is under way; then half a minute goes by. */
const given = async (count: number, fields: (index: number) => Partial<Call>): Promise<void> => {
  const startedAtNs = BigInt(setUp.clock().nowMs()) * 1_000_000n;
  const measures = { "answer_refusal_class@1=none": 1 };
  const calls = Array.from({ length: count }, (_, index) => {
    offset += 1;
    return callAt(offset, { startedAtNs, measures, ...fields(index) });
  });
  await setUp.opened().store.append(batchOf(calls), { delivery: "first" });
  setUp.clock().advance(minuteMs / 2);
};

/** Looks every half minute for some minutes, with the same calls in each; resolves with the names of what fires. */
const firingAfter = async (minutes: number, fields: (index: number) => Partial<Call>): Promise<readonly string[]> => {
  let names: readonly string[] = [];
  for (let half = 0; half < 2 * minutes; half += 1) {
    await given(60, fields);
    const told = await watching.lookAfter(0);
    names = told.filter(({ status }) => status === "firing").map(({ labels }) => labels["alertname"] ?? "");
  }
  return [...new Set(names)].toSorted();
};

describe("the shipped rules over a store", () => {
  test("have nothing to say of calls that go well, and none is parked", async () => {
    expect(await firingAfter(3, () => ({}))).toEqual([]);
    expect(watching.watch.status.filter(({ state }) => state !== "running")).toEqual([]);
    expect(watching.watch.status).toHaveLength(rules.length);
  });

  test("tell of a provider that is slow, fails, and turns calls away", async () => {
    const fields = (index: number): Partial<Call> => ({
      ttftMs: 4_000,
      outcome: index % 6 === 0 ? "provider_error" : index % 6 === 1 ? "rate_limited" : "ok",
      isFallback: index % 4 === 0,
    });
    expect(await firingAfter(7, fields)).toEqual([
      "error_budget_fast",
      "error_budget_slow",
      "fallbacks",
      "provider_errors",
      "provider_rate_limited",
      "ttft_p95_over_objective",
      "ttft_p99_slow",
    ]);
  });

  test("tell of a target that fails most calls at the first look", async () => {
    await given(60, () => ({ outcome: "timeout" }));
    const told = await watching.lookAfter(0);
    expect(told.filter(({ labels }) => labels["alertname"] === "target_failing")).toMatchObject([
      { status: "firing", labels: { route: "chat", variant: "openai/gpt-4o", provider: "openai" } },
    ]);
  });

  test("tell of a target whose time to first token triples within a minute", async () => {
    for (let minute = 0; minute < 10; minute += 1) {
      await given(60, () => ({ ttftMs: 300 }));
      setUp.clock().advance(minuteMs / 2);
    }
    expect(await watching.lookAfter(0)).toEqual([]);
    await given(120, () => ({ ttftMs: 900 }));
    await watching.lookAfter(0);
    const told = await watching.lookAfter(15_000);
    expect(told).toMatchObject([{ status: "firing", labels: { alertname: "target_slow", variant: "openai/gpt-4o" } }]);
  });

  test("tell of refusals, of a model of another family, and of a budget that is used up", async () => {
    const fields = (index: number): Partial<Call> => ({
      modelServed: "gpt-4o-mini",
      costNanos: 5_000_000n,
      measures: { [`answer_refusal_class@1=${index % 3 === 0 ? "full" : "none"}`]: 1 },
    });
    expect(await firingAfter(7, fields)).toEqual([
      "daily_budget_80_percent",
      "daily_budget_used_up",
      "model_mismatch",
      "refusals",
    ]);
  });

  test.each([
    ["gpt-4o", "gpt-4o-2024-08-06"],
    ["openai/gpt-4-0314", "gpt-4-0613"],
    ["claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"],
    ["gemini-1.5-pro", "gemini-1.5-pro-002"],
  ])("take %s and %s for one family", async (modelRequested, modelServed) => {
    await given(5, () => ({ modelRequested, modelServed }));
    expect(await watching.lookAfter(0)).toEqual([]);
  });

  test("hold a pinned target to the exact name", async () => {
    await given(5, () => ({ modelRequested: "mine", modelServed: "gpt-4-0613", modelPinned: "gpt-4-0613" }));
    expect(await watching.lookAfter(0)).toEqual([]);
    await given(5, () => ({ modelRequested: "mine", modelServed: "gpt-4-0613", modelPinned: "gpt-4-0314" }));
    expect(await watching.lookAfter(15_000)).toMatchObject([
      { labels: { alertname: "model_mismatch", requested: "gpt-4-0314", served: "gpt-4-0613" }, value: 5 },
    ]);
  });

  test("tell of a finding while it is new", async () => {
    const evidence = evidenceAt(setUp.clock().nowMs(), { status: "alarm", logEvidence: 9, says: "refusals rose" });
    await setUp.opened().store.saveConclusions({
      detector: "drift@1",
      minuteMs: evidence.minuteMs,
      evidence: [evidence],
      findings: [findingOf(evidence)],
    });
    expect(await watching.lookAfter(15_000)).toMatchObject([
      { labels: { alertname: "drift" }, annotations: { summary: expect.stringContaining("refusals rose") } },
    ]);
    expect(await watching.lookAfter(32 * minuteMs)).toMatchObject([{ status: "resolved" }]);
  });
});
