import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { routeOf } from "../../alerts/api/api-routes.ts";
import { argoRequest } from "../../alerts/api/argo.ts";
import { flaggerHooks, flaggerMetadata } from "../../alerts/api/flagger.ts";
import { parseQuery } from "../../alerts/api/prometheus.ts";

const read = (path: string): unknown => parse(readFileSync(path, "utf8"));

describe("the manifests of Flagger", () => {
  const webhook = z.object({
    type: z.enum(flaggerHooks),
    url: z.string(),
    metadata: z.record(z.string(), z.string()).optional(),
  });
  const canary = z.object({ spec: z.object({ analysis: z.object({ webhooks: z.array(webhook) }) }) });
  const { webhooks } = canary.parse(read("deploy/flagger/canary.yaml")).spec.analysis;

  test("call each hook at its own address, and tell the route and the candidate when they start", () => {
    expect(webhooks.map(({ url }) => routeOf(new URL(url).pathname))).toEqual(
      webhooks.map(({ type }) => ({ asked: "flagger", methods: ["POST"], hook: type })),
    );
    const started = webhooks.find(({ type }) => type === "confirm-rollout");
    expect(flaggerMetadata.strict().parse(started?.metadata)).toMatchObject({ route: "support", candidate: "next" });
  });

  test("ask for a number that there is", () => {
    const template = z.object({ spec: z.object({ query: z.string() }) });
    const { query } = template.parse(read("deploy/flagger/metric-template.yaml")).spec;
    expect(parseQuery(query)).toMatchObject({
      kind: "metric",
      labels: { namespace: "{{ namespace }}", name: "{{ name }}" },
    });
  });
});

describe("the manifests of Argo Rollouts", () => {
  const web = z.object({
    url: z.string(),
    method: z.literal("POST"),
    jsonPath: z.string(),
    jsonBody: z.record(z.string(), z.string()),
  });
  const template = z.object({
    spec: z.object({ metrics: z.array(z.object({ provider: z.object({ web }) })).length(1) }),
  });

  test("ask for a verdict in words that are understood", () => {
    const [metric] = template.parse(read("deploy/argo/analysis-template.yaml")).spec.metrics;
    const asked = metric?.provider.web;
    expect(routeOf(new URL(asked?.url ?? "").pathname)).toMatchObject({ asked: "argo" });
    expect(argoRequest.strict().parse(asked?.jsonBody)).toMatchObject({ rollout: "prod/{{args.rollout}}" });
    expect(asked?.jsonPath).toBe("{$.data}");
  });

  test("ask before each increase about the stage that the weight belongs to", () => {
    const text = JSON.stringify(read("deploy/argo/rollout-steps.yaml"));
    expect([...text.matchAll(/"name":"stage","value":"(\d)"/g)].map(([, stage]) => stage)).toEqual(["0", "1"]);
  });
});
