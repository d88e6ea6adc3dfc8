import { describe, expect, test } from "vitest";
import { actOnAlerts } from "../../alerts/actions/act-on-alerts.ts";
import { actionsConfig } from "../../alerts/actions/actions-config.ts";
import type { Alert } from "../../core/alert.ts";
import { keptLog } from "../processors/set-up-line.ts";
import { halfAndHalf, setUpDesk } from "./desk.ts";
import { asked, driveRollouts, trialRoute } from "./rollout-drive.ts";

const bench = setUpDesk();

const alert = (fields: Partial<Alert> & Pick<Alert, "action">): Alert => ({
  fingerprint: "00000000000000aa",
  labels: { alertname: "target_slow", route: "chat", variant: "a" },
  annotations: { summary: "a is slow" },
  status: "firing",
  startsAtMs: 0,
  endsAtMs: 0,
  generatorUrl: "",
  value: 3,
  ...fields,
});

/** What alerts do on two routes, one of which has a cheaper tier. */
const set = () => {
  const run = driveRollouts(bench, { routes: [halfAndHalf, { ...trialRoute, name: "trial" }] });
  const { log, lines } = keptLog();
  const config = actionsConfig.parse({ tiers: { chat: "b" } });
  const { desk } = run.under;
  const routes = [halfAndHalf, { ...trialRoute, name: "trial" }];
  const act = (...alerts: readonly Alert[]): Promise<void> => {
    bench.clock().advance(15_000);
    return actOnAlerts(alerts, { desk, rollouts: run.rollouts(), routes, config, log });
  };
  const published = () => run.under.published.map(({ action, effect }) => ({ action, effect }));
  return { act, published, run, lines };
};

const target = (variant: string, factor: number) => ({ kind: "target", route: "chat", variant, factor });

describe("an alert", () => {
  test("that asks to reroute takes traffic from its target once, and gives it back when it is over", async () => {
    const { act, published } = set();
    await act(alert({ action: "reroute" }));
    await act(alert({ action: "reroute" }));
    await act(alert({ action: "reroute", status: "resolved" }));
    await act(alert({ action: "reroute", status: "resolved" }));
    expect(published()).toEqual([
      { action: "reroute", effect: target("a", 0.1) },
      { action: "restore", effect: target("a", 1) },
    ]);
  });

  test("that asks to eject a provider takes all traffic from its targets", async () => {
    const { act, published } = set();
    await act(alert({ action: "eject", labels: { alertname: "provider_errors", provider: "b" } }));
    expect(published()).toEqual([{ action: "eject", effect: target("b", 0) }]);
  });

  test("that names neither target nor provider takes traffic from none", async () => {
    const { act, published } = set();
    await act(alert({ action: "eject", labels: { alertname: "everything", route: "chat" } }));
    expect(published()).toEqual([]);
  });

  test("that asks to degrade sends routes that have a cheaper tier to it, until it is over", async () => {
    const { act, published } = set();
    const budget = alert({ action: "degrade", labels: { alertname: "budget" } });
    await act(budget);
    await act({ ...budget, status: "resolved" });
    expect(published()).toEqual([
      { action: "degrade", effect: { kind: "tier", route: "chat", variant: "b" } },
      { action: "restore", effect: { kind: "tier", route: "chat", variant: null } },
    ]);
  });

  test("that is over gives nothing back that another took", async () => {
    const { act, published } = set();
    const other = { fingerprint: "00000000000000bb", action: "reroute" } as const;
    await act(alert({ action: "reroute" }));
    await act(alert({ ...other, status: "resolved" }));
    await act(alert({ action: "reroute", status: "resolved" }), alert(other));
    expect(published()).toEqual([{ action: "reroute", effect: target("a", 0.1) }]);
  });

  test("that asks to hold keeps canaries of its route where they are, and lets them be taken back", async () => {
    const { act, run } = set();
    const trial = driveRollouts(bench, { config: { plans: { quick: [0.3, 1] }, plan: "quick" } });
    const { id } = await trial.rollouts().start(asked);
    const hold = alert({ action: "hold", labels: { alertname: "rows_late" } });
    const deps = { desk: trial.under.desk, routes: [trialRoute], config: actionsConfig.parse({}), log: keptLog().log };
    await actOnAlerts([hold], { ...deps, rollouts: trial.rollouts() });
    await trial.runUntilOver(40, {}, 900);
    expect(trial.rollouts().find(id)).toMatchObject({ endedAtMs: null, verdict: "pass" });
    await actOnAlerts([{ ...hold, status: "resolved" }], { ...deps, rollouts: trial.rollouts() });
    await trial.look(40, {});
    expect(trial.rollouts().find(id)).toMatchObject({ status: "promoted" });
    expect(run.under.published).toEqual([]);
    await act();
  });

  test("that asks to roll back takes back the canaries of its route", async () => {
    const trial = driveRollouts(bench);
    const { id } = await trial.rollouts().start(asked);
    const rollback = alert({ action: "rollback" });
    const deps = { desk: trial.under.desk, routes: [trialRoute], config: actionsConfig.parse({}), log: keptLog().log };
    await actOnAlerts([{ ...rollback, labels: { ...rollback.labels, route: "other" } }], {
      ...deps,
      rollouts: trial.rollouts(),
    });
    expect(trial.rollouts().find(id)).toMatchObject({ endedAtMs: null });
    await actOnAlerts([rollback], { ...deps, rollouts: trial.rollouts() });
    expect(trial.rollouts().find(id)).toMatchObject({ status: "aborted", says: "target_slow: a is slow" });
    expect(trial.share()).toBe(0);
  });

  test("whose action fails says so and is asked for again", async () => {
    const { act, published, run, lines } = set();
    run.under.breakBus(true);
    await act(alert({ action: "reroute" }));
    expect(lines).toEqual(["error: what an alert asks for could not be done; it is asked for again"]);
    run.under.breakBus(false);
    await act(alert({ action: "reroute" }));
    expect(published()).toEqual([]);
  });
});
