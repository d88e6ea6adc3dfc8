import { expect, test } from "vitest";
import { publishVerdict } from "../../../alerts/verdicts/publish-verdict.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { openTestBus } from "../telemetry/open-test-bus.ts";
import { tempFolder } from "../telemetry/temp-folder.ts";
import { configuredShares, currentVerdict, signingKey, startPolicyGateway } from "./policy-gateway.ts";
import { factorOn } from "./verdicts.ts";

/** Settings with a route `r` of these weights by variant. */
const withTargets = (weights: Readonly<Record<string, number>>, provider = "up") =>
  gatewayConfig.parse({
    providers: { [provider]: { kind: "openai", baseUrl: "http://127.0.0.1:9/v1", apiKey: "sk-provider-key" } },
    routes: {
      r: {
        models: ["up-1"],
        targets: Object.entries(weights).map(([variant, weight]) => ({ provider, variant, weight })),
      },
    },
  });

test("routes that are taken anew stay under the verdicts in force, and one that waited for its variant comes into force", async () => {
  const bus = openTestBus();
  const gateway = await startPolicyGateway({ bus, dir: tempFolder() });
  await publishVerdict(bus, currentVerdict(factorOn("a", 0.5)), signingKey);
  await publishVerdict(bus, currentVerdict(factorOn("new", 0), { id: 2 }), signingKey);
  await gateway.heard("policyVerdicts", "unknown_subject");
  gateway.gateway.reconfigure(withTargets({ a: 100, d: 50, new: 50 }));
  gateway.watch.tellShares();
  expect(gateway.shares()).toEqual({ a: 0.5, d: 0.5, new: 0 });
  expect([gateway.gauge("policyShare", "r d"), gateway.gauge("policyShare", "r b")]).toEqual([0.5, 0]);
  expect(await gateway.call()).toMatchObject({ variant: "d" });
});

test("routes to a provider that is not running are refused, and those there are stay", async () => {
  const gateway = await startPolicyGateway({ bus: openTestBus(), dir: tempFolder() });
  expect(() => gateway.gateway.reconfigure(withTargets({ a: 1 }, "elsewhere"))).toThrow(
    expect.objectContaining({ code: "config.invalid", message: expect.stringContaining("elsewhere") }),
  );
  expect(gateway.shares()).toEqual(configuredShares);
});
