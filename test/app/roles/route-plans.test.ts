import { describe, expect, test } from "vitest";
import { routePlans } from "../../../app/roles/route-plans.ts";
import { gatewayConfig } from "../../../gateway/config.ts";

const fingerprint = (provider: object): string | undefined => {
  const routes = { main: { models: ["m"], targets: [{ provider: "p" }] } };
  return routePlans(gatewayConfig.parse({ providers: { p: provider }, routes }))[0]?.targets[0]?.fingerprint;
};

const bedrock = { kind: "bedrock", region: "eu-central-1", accessKeyId: "a", secretAccessKey: "b" };
const renewed: readonly (readonly [string, object, object])[] = [
  ["apiKey", { kind: "openai", apiKey: "a" }, { kind: "openai", apiKey: "b" }],
  ["keys", { kind: "openai", keys: [{ name: "a", key: "a" }] }, { kind: "openai", keys: [{ name: "b", key: "b" }] }],
  ["accessToken", { kind: "vertex", project: "p", accessToken: "a" }, { kind: "vertex", project: "p" }],
  ["secretAccessKey", bedrock, { ...bedrock, accessKeyId: "c", secretAccessKey: "d", sessionToken: "e" }],
];

describe("what a target is for those who move traffic", () => {
  test.each(renewed)("stays the same when its provider's %s is renewed", (_name, before, after) => {
    expect(fingerprint(before)).toBe(fingerprint(after));
  });

  test("changes with the address of its provider", () => {
    const at = (baseUrl: string): string | undefined => fingerprint({ kind: "openai", baseUrl });
    expect(at("http://a")).not.toBe(at("http://b"));
  });
});
