import { describe, expect, test } from "vitest";
import { publishVerdict } from "../../../alerts/verdicts/publish-verdict.ts";
import { topics } from "../../../core/topics.ts";
import { verdictSignatureHeader } from "../../../core/verdict.ts";
import { signVerdict } from "../../../core/verdict-signature.ts";
import { openTestBus } from "../telemetry/open-test-bus.ts";
import { tempFolder } from "../telemetry/temp-folder.ts";
import type { PolicyGateway } from "./policy-gateway.ts";
import { configuredShares, currentVerdict, signingKey, startPolicyGateway } from "./policy-gateway.ts";
import { factorOn } from "./verdicts.ts";

describe("traffic stays as it is, and the reason is counted, for a verdict", () => {
  const good = currentVerdict(factorOn("a", 0.5), { sequence: 5 });
  const publishBytes = (bus: ReturnType<typeof openTestBus>, text: string, signature: string | null): Promise<void> =>
    bus.publish({
      topic: topics.verdicts,
      key: "target:r:a",
      value: Buffer.from(text),
      ...(signature === null ? {} : { headers: { [verdictSignatureHeader]: signature } }),
    });
  const refused = async (
    publish: (bus: ReturnType<typeof openTestBus>) => Promise<void>,
    reason: string,
  ): Promise<PolicyGateway> => {
    const bus = openTestBus();
    const gateway = await startPolicyGateway({ bus, dir: tempFolder() });
    await publish(bus);
    await gateway.heard("policyVerdicts", reason);
    expect(gateway.shares()).toEqual(configuredShares);
    return gateway;
  };

  test("that is signed with another key, or not at all: it is logged once", async () => {
    const gateway = await refused(async (bus) => {
      await publishVerdict(bus, good, "another-key-of-thirty-two-letters");
      await publishBytes(bus, JSON.stringify(good), null);
      await publishBytes(bus, JSON.stringify(good), "0");
      await publishBytes(
        bus,
        JSON.stringify(good).replace("0.5", "0.4"),
        signVerdict(Buffer.from(JSON.stringify(good)), signingKey),
      );
    }, "forged");
    await gateway.heard("policyVerdicts", "forged", 4);
    expect(gateway.lines).toHaveLength(1);
  });

  test.each(["{", "{}", JSON.stringify({ ...good, version: 2 })])("that is signed and reads %s", async (text) => {
    await refused((bus) => publishBytes(bus, text, signVerdict(Buffer.from(text), signingKey)), "unreadable");
  });

  test("that has expired", async () => {
    await refused((bus) => publishVerdict(bus, { ...good, expiresAtMs: Date.now() - 1 }, signingKey), "expired");
  });

  test("on a variant that is not configured", async () => {
    const stranger = currentVerdict(factorOn("z", 0));
    const gateway = await refused((bus) => publishVerdict(bus, stranger, signingKey), "unknown_subject");
    expect(gateway.lines).toMatchObject([["a verdict has to wait", { subject: "target:r:z" }]]);
  });

  test("that is a dry run", async () => {
    const gateway = await refused((bus) => publishVerdict(bus, { ...good, isDryRun: true }, signingKey), "dry_run");
    expect(gateway.lines).toMatchObject([["a verdict would move traffic; it is a dry run", { subject: "target:r:a" }]]);
  });

  test("that comes again, or after a later one", async () => {
    const bus = openTestBus();
    const gateway = await startPolicyGateway({ bus, dir: tempFolder() });
    await publishVerdict(bus, good, signingKey);
    await publishVerdict(bus, good, signingKey);
    await publishVerdict(bus, currentVerdict(factorOn("a", 0), { id: 2, sequence: 4 }), signingKey);
    await gateway.heard("policyVerdicts", "out_of_order");
    expect(gateway.counts("policyVerdicts")).toEqual({ applied: 1, repeated: 1, out_of_order: 1 });
    expect(gateway.shares()).toEqual({ a: 45 / 55, b: 10 / 55, c: 0 });
  });

  test("that cannot be believed because no key is known", async () => {
    const bus = openTestBus();
    const gateway = await startPolicyGateway({ bus, dir: tempFolder(), key: null });
    await publishVerdict(bus, good, signingKey);
    await gateway.heard("policyVerdicts", "forged");
    expect(gateway.shares()).toEqual(configuredShares);
  });
});
