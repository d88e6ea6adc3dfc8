import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { VerdictEffect } from "../../../core/verdict.ts";
import { gatewayConfig } from "../../../gateway/config.ts";
import { hearingMeter } from "../policy/hearing-meter.ts";
import { verdictOf } from "../policy/verdicts.ts";
import { errorOf } from "../support/caller.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import type { TestGateway, TestGatewayArgs } from "../support/test-gateway.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import { placeAsked, placedTargets } from "./places.ts";

const answers = answerJson(completion("hi"));
const main = { models: ["up-1"], targets: placedTargets, fallback: "class", retry: { attempts: 5, baseDelayMs: 0 } };
const start = (route: object = {}, args: TestGatewayArgs = {}): Promise<TestGateway> =>
  startTestGateway({ script: answers, ...args, config: { routes: { main: { ...main, ...route } }, ...args.config } });

const asked = ({ upstream }: TestGateway): readonly string[] => upstream.requests.map(({ body }) => placeAsked(body));
const headersOf = (region: string | null, compliance: string | null): Record<string, string> => ({
  ...(region === null ? {} : { "x-plumbline-region": region }),
  ...(compliance === null ? {} : { "x-plumbline-compliance": compliance }),
});

const demandShape = z.tuple([z.string().nullable(), z.string().nullable()]);

/** Whether a request went to a target that the demand in its `user` forbids. */
const isAgainstItsDemand = (body: Buffer): boolean => {
  const [regions, labels] = demandShape.parse(JSON.parse(String(JSON.parse(body.toString()).user)));
  const target = placedTargets.find(({ model }) => model === placeAsked(body));
  const isIn = regions === null || regions.split(", ").includes(target?.region ?? "none");
  return !isIn || labels?.split(",").every((label) => target?.compliance?.includes(label)) === false;
};

describe("a call that demands a region or compliance", () => {
  test("is sent nowhere else, whatever fails, as its record says", async () => {
    const shadow = { variant: "up/us-plain", share: 1 };
    let draw = 0;
    const random = (): number => {
      draw = (draw * 7 + 3) % 101;
      return draw / 101;
    };
    const outcomes = fc.array(fc.constantFrom(200, 400, 429, 500, 503), { minLength: 1, maxLength: 5 });
    await using system = await start({ shadow }, { deps: { random }, config: { breaker: { minCalls: 3, openMs: 1 } } });
    const region = fc.constantFrom("eu", "us", "eu, us", null);
    const compliance = fc.constantFrom("hipaa", "soc2,hipaa", null);
    let calls = 0;
    const law = fc.asyncProperty(outcomes, region, compliance, async (statuses, regions, labels) => {
      let at = 0;
      calls += 1;
      system.upstream.script((response, request) => {
        const status = statuses[at % statuses.length] ?? 200;
        at += 1;
        return (status === 200 ? answers : answerJson({ error: { message: "no" } }, status))(response, request);
      });
      // What a call demands goes with it, so that its shadow can be judged whenever it comes.
      const user = JSON.stringify([regions, labels]);
      await system.ask({ body: { ...hello, user }, headers: headersOf(regions, labels) });
      expect(system.upstream.requests.map(({ body }) => body).filter(isAgainstItsDemand)).toEqual([]);
    });
    await fc.assert(law, { numRuns: 60 });
    expect(system.upstream.requests.length).toBeGreaterThan(calls);
  });

  test("is refused where no target meets it, and told what it wanted", async () => {
    const { meter, counts } = hearingMeter();
    await using system = await start({}, { deps: { meter } });
    const response = await system.ask({ body: hello, headers: headersOf("ch", "hipaa") });
    expect([response.status, errorOf(response).code]).toEqual([403, "constraint.unmet"]);
    expect(errorOf(response).message).toBe(
      'The route "main" has no target with region ch (request), compliance hipaa (request).',
    );
    expect([asked(system), counts("gatewayPassedOver")]).toEqual([[], { "main constraint": 5 }]);
    expect(counts("gatewayRejected")).toEqual({ "constraint.unmet": 1 });
  });

  test("is refused for now where the only target that meets it takes no calls", async () => {
    const targets = placedTargets.map((target) => ({ ...target, weight: target.region === "us" ? 1 : 0 }));
    await using system = await start({ targets, fallback: [] });
    const response = await system.ask({ body: hello, headers: headersOf("eu", null) });
    expect([response.status, errorOf(response).code]).toEqual([503, "constraint.unmet_now"]);
    expect(response.headers["retry-after"]).toBe("1");
  });

  test("says in its record where it was answered, and why there", async () => {
    await using system = await start();
    await system.ask({ body: hello, headers: headersOf("us", "soc2") });
    expect(system.recorded.calls[0]?.start.routeReason).toBe(
      "weight 100/100; only region us (request), compliance soc2 (request)",
    );
    expect(system.recorded.calls[0]?.ends[0]?.region).toBe("us");
  });

  test("keeps to what its key and its route demand, of which its headers take nothing away", async () => {
    const key = "pk-eu";
    const sha256 = createHash("sha256").update(key).digest("hex");
    const keys = [{ id: "k", sha256, regions: ["eu"] }];
    await using system = await start({ compliance: ["hipaa"] }, { config: { keys } });
    const authorization = `Bearer ${key}`;
    expect((await system.ask({ body: hello, headers: { authorization } })).status).toBe(200);
    const other = { authorization, ...headersOf("us", null) };
    const response = await system.ask({ body: hello, headers: other });
    expect([response.status, asked(system)]).toEqual([403, ["eu-hipaa"]]);
    expect(errorOf(response).message).toContain("region eu (key), region us (request)");
  });

  test.each(["", " ", "eu,,us", "a b", "x".repeat(65), "1,2,3,4,5,6,7,8,9"])(
    "is malformed when it demands %j",
    async (text) => {
      await using system = await start();
      const response = await system.ask({ body: hello, headers: { "x-plumbline-region": text } });
      expect([response.status, errorOf(response).code]).toEqual([400, "request.malformed"]);
    },
  );
});

describe("a verdict that takes a call's only targets", () => {
  const targets = placedTargets.filter(({ model }) => model === "eu-plain" || model === "us-plain");
  const take = ({ gateway }: TestGateway, effect: VerdictEffect): void => {
    const issuedAtMs = Date.now();
    const verdict = verdictOf(effect, { issuedAtMs, expiresAtMs: issuedAtMs + 600_000 });
    expect(gateway.policy.offer(verdict, issuedAtMs).hasMoved).toBe(true);
  };

  test("leaves it without an answer, and does not send it to the others", async () => {
    await using system = await start({ targets });
    take(system, { kind: "target", route: "main", variant: "up/eu-plain", factor: 0 });
    const response = await system.ask({ body: hello, headers: headersOf("eu", null) });
    expect([response.status, errorOf(response).code, asked(system)]).toEqual([503, "constraint.unmet_now", []]);
  });

  test("gives it back what it gave to a canary that it may not be sent to", async () => {
    await using system = await start({ targets });
    take(system, {
      ...{ kind: "canary", route: "main", candidate: "up/us-plain" },
      ...{ share: 1, unit: "request", salt: "s" },
    });
    const response = await system.ask({ body: hello, headers: headersOf("eu", null) });
    await system.ask({ body: hello });
    expect([response.status, asked(system)]).toEqual([200, ["eu-plain", "us-plain"]]);
  });
});

test("a canary takes nothing from calls that only those may serve who stand in", async () => {
  const [candidate, spare, live] = ["eu-plain", "eu-hipaa", "us-plain"].map((wanted) => ({
    ...placedTargets.find(({ model }) => model === wanted),
    weight: wanted === "us-plain" ? 1 : 0,
  }));
  await using system = await start({ targets: [candidate, spare, live], fallback: ["up/eu-hipaa"] });
  await system.ask({ body: hello, headers: headersOf("eu", null) });
  const issuedAtMs = Date.now();
  const split = { candidate: "up/eu-plain", share: 0.1, unit: "request", salt: "s" } as const;
  const canary = { kind: "canary", route: "main", ...split } as const;
  system.gateway.policy.offer(verdictOf(canary, { issuedAtMs, expiresAtMs: issuedAtMs + 600_000 }), issuedAtMs);
  const response = await system.ask({ body: hello, headers: headersOf("eu", null) });
  expect([response.status, asked(system)]).toEqual([200, ["eu-hipaa", "eu-hipaa"]]);
});

test("a shadow goes nowhere that the call itself may not", async () => {
  const { meter, counts, heard } = hearingMeter();
  const shadow = { variant: "up/us-hipaa", share: 1 };
  await using system = await start({ shadow }, { deps: { meter } });
  await system.ask({ body: hello, headers: headersOf("eu", null) });
  await system.ask({ body: hello, headers: headersOf("us", null) });
  await heard("gatewayShadows", "main ok");
  expect(asked(system).filter((model) => model === "us-hipaa").length).toBe(1);
  expect(counts("gatewayShadowsDropped")).toEqual({});
});

test("a target is where its provider is, unless it says otherwise itself", async () => {
  const targets = [
    { provider: "up", model: "by-provider" },
    { provider: "up", model: "by-itself", region: "us", weight: 1_000_000 },
  ];
  await using system = await start({ targets, fallback: [] }, { provider: { region: "eu", compliance: ["hipaa"] } });
  await system.ask({ body: hello, headers: headersOf("eu", "hipaa") });
  expect(asked(system)).toEqual(["by-provider"]);
});

test("a configuration names the routes and keys that nobody can serve", () => {
  const up = { kind: "vertex", project: "p", location: "europe-west4" };
  const routes = {
    main: { models: ["a"], targets: [{ provider: "up" }], regions: ["europe-west4"] },
    lost: { models: ["b"], targets: [{ provider: "up" }], compliance: ["hipaa"] },
  };
  const keys = [{ id: "k", sha256: "0".repeat(64), routes: ["main"], regions: ["eu"] }];
  const problems = gatewayConfig.safeParse({ providers: { up }, routes, keys }).error?.issues ?? [];
  expect(problems.map(({ path, message }) => [path.join("."), message])).toEqual([
    ["routes.lost", "no call can be served: no target has compliance hipaa (route)"],
    ["keys.0", "no call can be served: no target of its routes has region eu (key)"],
  ]);
});
