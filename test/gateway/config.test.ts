import { describe, expect, test } from "vitest";
import { SecretReference } from "../../config/secret.ts";
import { gatewayConfig } from "../../gateway/config.ts";

const problems = (config: unknown): readonly string[] => {
  const parsed = gatewayConfig.safeParse(config);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

describe("gatewayConfig", () => {
  test("an empty section serves two simulated models and a replay route that must be named", () => {
    const config = gatewayConfig.parse({});
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      bodyLimitBytes: 10_485_760,
      contentPolicy: "redacted",
    });
    expect(config.routes).toMatchObject({
      default: {
        models: ["sim-large", "sim-small"],
        isByNameOnly: false,
        targets: [{ provider: "simulated", weight: 100 }],
      },
      replay: { models: ["*"], isByNameOnly: true, targets: [{ provider: "recorded", weight: 100 }] },
    });
    expect(gatewayConfig.parse(undefined)).toEqual(config);
  });

  test("names every mistake across settings at once, with its path", () => {
    const config = {
      providers: { a: { kind: "openai" } },
      routes: {
        one: { models: ["m", "m"], targets: [{ provider: "nobody" }] },
        two: { models: ["m"], targets: [{ provider: "a", weight: 0 }] },
        three: { models: ["*"], targets: [{ provider: "a" }, { provider: "a" }] },
        four: { models: ["*"], targets: [{ provider: "toString" }] },
      },
    };
    expect(problems(config)).toEqual([
      'routes.one.targets.0.provider: no provider is named "nobody"',
      "routes.two.targets: at least one target needs a weight above 0",
      'routes.three.targets.1: another target of this route is also called "a": give one of them a variant',
      'routes.four.targets.0.provider: no provider is named "toString"',
      'routes.one.models.1: route "one" already serves "m"',
      'routes.two.models.0: route "one" already serves "m"',
      'routes.four.models.0: route "three" already serves "*"',
    ]);
  });

  test.each([
    { config: { prot: 1 }, at: "" },
    { config: { port: 65_536 }, at: "port" },
    { config: { providers: { a: { kind: "openai", baseUrl: "ftp://x" } } }, at: "providers.a.baseUrl" },
    { config: { providers: { a: { kind: "openai", baseUrl: "http://user:pw@x" } } }, at: "providers.a.baseUrl" },
    { config: { providers: { a: { kind: "magic" } } }, at: "providers.a.kind" },
    { config: { providers: { a: { kind: "simulated", errorRate: 2 } } }, at: "providers.a.errorRate" },
    { config: { routes: { r: { models: [], targets: [] } } }, at: "routes.r.models" },
    { config: { contentPolicy: "some" }, at: "contentPolicy" },
  ])("refuses $config", ({ config, at }) => {
    expect(problems(config)[0]?.split(": ")[0]).toBe(at);
  });

  test("keys come from the environment, and a missing one is named", () => {
    const config = (value: string | undefined): unknown => ({
      providers: { a: { kind: "openai", apiKey: new SecretReference("KEY", value) } },
    });
    expect(gatewayConfig.parse(config("k")).providers["a"]).toMatchObject({ apiKey: "k", streamUsage: true });
    expect(problems(config(undefined))).toEqual(["providers.a.apiKey: environment variable KEY is not set"]);
  });
});

describe("a configuration with mistakes of both kinds", () => {
  test("names wrong values and wrong references at once", () => {
    const parsed = gatewayConfig.safeParse({
      port: 99_999,
      providers: { p: { kind: "openai", baseUrl: "no address" } },
      routes: { a: { models: ["x"], targets: [{ provider: "nowhere" }, { provider: "p", variant: "q" }] } },
    });
    expect(parsed.error?.issues.map(({ path }) => path.join("."))).toEqual([
      "port",
      "providers.p.baseUrl",
      "routes.a.targets.0.provider",
    ]);
  });

  test("is refused, not a crash, when routes or providers have no shape to check", () => {
    for (const broken of [
      { routes: 7 },
      { routes: { a: { targets: "x" } } },
      { providers: null },
      { providers: [1] },
      7,
      null,
    ]) {
      expect(gatewayConfig.safeParse(broken).success).toBe(false);
    }
  });
});
