import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { publishVerdict } from "../../../alerts/verdicts/publish-verdict.ts";
import { PlumblineError } from "../../../core/errors.ts";
import type { PolicyWatchDeps } from "../../../gateway/policy/policy-watch.ts";
import { openMemoryBus } from "../../support/memory-bus.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { openTestBus } from "../telemetry/open-test-bus.ts";
import { tempFolder } from "../telemetry/temp-folder.ts";
import { configuredShares, currentVerdict, signingKey, startPolicyGateway } from "./policy-gateway.ts";
import { canaryOf, factorOn, verdictOf } from "./verdicts.ts";

const minuteMs = 60_000;

const deadBus: PolicyWatchDeps["bus"] = {
  follow: () => {
    throw new PlumblineError("bus.unavailable", "there is no bus");
  },
};

describe("a verdict on the bus", () => {
  test("moves traffic, and a later one moves it back", async () => {
    const bus = openTestBus();
    const gateway = await startPolicyGateway({ bus, dir: tempFolder() });
    const before = await gateway.call();
    expect(before).toMatchObject({ variant: "a", reason: "weight 90/100" });
    await publishVerdict(bus, currentVerdict(factorOn("a", 0)), signingKey);
    await gateway.heard("policyVerdicts", "applied");
    const moved = await gateway.call();
    expect(moved).toMatchObject({ variant: "b", reason: "weight 10/10" });
    expect(moved.version).toMatch(new RegExp(`^${before.version}-[0-9a-f]{8}$`));
    expect(gateway.gauge("policyShare", "r b")).toBe(1);
    await publishVerdict(bus, currentVerdict(factorOn("a", 1), { id: 2, sequence: 2 }), signingKey);
    await gateway.heard("policyVerdicts", "applied", 2);
    expect(await gateway.call()).toMatchObject({ variant: "a", reason: "weight 90/100" });
    expect(gateway.lines.map(([message]) => message)).toEqual(["a verdict moves traffic", "a verdict moves traffic"]);
  });

  test("gives a canary its users, and says so in their records", async () => {
    const bus = openTestBus();
    const gateway = await startPolicyGateway({ bus, dir: tempFolder() });
    await publishVerdict(bus, currentVerdict(canaryOf("c", 0.5)), signingKey);
    await gateway.heard("policyVerdicts", "applied");
    // The place of `ada` under the salt `s` is 0.257, that of `bob` 0.732.
    expect(await gateway.call("ada")).toMatchObject({ variant: "c", reason: "canary 0.5 by user" });
    expect(await gateway.call("ada")).toMatchObject({ variant: "c", reason: "canary 0.5 by user" });
    expect(await gateway.call("bob")).toMatchObject({ variant: "a", reason: "control 0.5 by user" });
  });

  test("is shown with what it made of the routes", async () => {
    const bus = openTestBus();
    const gateway = await startPolicyGateway({ bus, dir: tempFolder() });
    await publishVerdict(bus, currentVerdict(canaryOf("c", 0.2), { evidenceId: "canary-7" }), signingKey);
    await gateway.heard("policyVerdicts", "applied");
    const shown: unknown = JSON.parse((await gateway.ask({ method: "GET", path: "/policy" })).body.toString());
    expect(shown).toMatchObject({
      version: gateway.gateway.policy.routes.version,
      routes: [
        {
          name: "r",
          floor: 1,
          targets: [
            { variant: "a", configuredWeight: 90 },
            { variant: "b", configuredWeight: 10 },
            { variant: "c", configuredWeight: 0, share: 0.2 },
          ],
          canary: { candidate: "c", share: 0.2, unit: "user", salt: "s" },
        },
      ],
      verdicts: [{ subject: "canary:r", standing: "applied", evidenceId: "canary-7", action: "reroute" }],
    });
    expect((await gateway.ask({ method: "POST", path: "/policy" })).status).toBe(405);
  });
});

describe("a gateway whose bus is dead", () => {
  const start = Date.UTC(2026, 10, 21);

  test("goes by the verdicts that it kept, until they expire", async () => {
    const dir = tempFolder();
    const clock = virtualClock(start);
    const bus = openMemoryBus({ clock });
    const first = await startPolicyGateway({ bus, dir, clock });
    await publishVerdict(bus, verdictOf(factorOn("a", 0), { expiresAtMs: start + minuteMs }), signingKey);
    await first.heard("policyVerdicts", "applied");
    await first.watch.stop();
    await bus.close();
    const second = await startPolicyGateway({ bus: deadBus, dir, clock });
    expect(second.shares()).toEqual({ a: 0, b: 1, c: 0 });
    await second.heard("policyErrors", "bus.unavailable");
    clock.advance(minuteMs - 1);
    expect(second.shares()).toEqual({ a: 0, b: 1, c: 0 });
    await clock.advanceUntil(second.heard("policyErrors", "bus.unavailable", 3), 1_000);
    expect(second.shares()).toEqual(configuredShares);
    expect(second.gateway.policy.routes).toBe(second.gateway.policy.configured);
    expect(second.lines.map(([message]) => message)).toEqual([
      "verdicts cannot be followed or kept: those known stay until they expire",
      "verdicts have expired: traffic moves back",
    ]);
  });

  test("does not believe a file that somebody changed, and reads what is left of it", async () => {
    const dir = tempFolder();
    const bus = openTestBus();
    const first = await startPolicyGateway({ bus, dir });
    await publishVerdict(bus, currentVerdict(factorOn("b", 0.5)), signingKey);
    await publishVerdict(bus, currentVerdict(canaryOf("c", 0.25), { id: 2 }), signingKey);
    await first.heard("policyVerdicts", "applied", 2);
    await first.watch.stop();
    const file = join(dir, "policy.jsonl");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(file, `${readFileSync(file, "utf8").replace('factor\\":0.5', 'factor\\":0.0')}{"value":"cut sh`);
    const second = await startPolicyGateway({ bus: deadBus, dir });
    expect(second.shares()["c"]).toBe(0.25);
    expect(second.shares()["b"]).toBeCloseTo(0.075, 12);
  });
});

test("a verdict on a bus that comes back is obeyed, and the way back is logged once", async () => {
  const bus = openTestBus();
  let failures = 2;
  const flaky: PolicyWatchDeps["bus"] = {
    follow: (topic, options) => {
      failures -= 1;
      return failures >= 0 ? deadBus.follow(topic, options) : bus.follow(topic, options);
    },
  };
  const gateway = await startPolicyGateway({ bus: flaky, dir: tempFolder() });
  await publishVerdict(bus, currentVerdict(factorOn("a", 0)), signingKey);
  await gateway.heard("policyVerdicts", "applied");
  expect(gateway.counts("policyErrors")).toEqual({ "bus.unavailable": 2 });
  expect(gateway.lines.map(([message]) => message)).toEqual([
    "verdicts cannot be followed or kept: those known stay until they expire",
    "verdicts are followed again",
    "a verdict moves traffic",
  ]);
});
