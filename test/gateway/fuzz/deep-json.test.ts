import { describe, expect, test } from "vitest";
import type { Log } from "../../../core/log.ts";
import { silentLog } from "../../../core/log.ts";
import type { UpstreamScript } from "../support/mock-upstream.ts";
import { answerJson } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { surfaceReaders } from "../support/surface-answers.ts";
import type { TestGateway } from "../support/test-gateway.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";
import { deepAnswers } from "./deep-answers.ts";

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const deep = nested(100_000);
const flat = nested(100);

const withSchema = (schema: string, isStream: boolean): string =>
  `{"model":"up-1","stream":${isStream},"max_tokens":9,"messages":[{"role":"user","content":"x"}],"input":"x","tools":[{"name":"f","type":"function","function":{"name":"f","parameters":${schema}},"input_schema":${schema},"parameters":${schema}}]}`;

/** A gateway, and what it has logged as its own defects. */
const start = async (more: Parameters<typeof startTestGateway>[0]) => {
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (...args: unknown[]) => void errors.push(args) };
  return { errors, system: await startTestGateway({ ...more, deps: { log } }) };
};

/** How the only call and its only attempt ended. */
const onlyOutcome = async ({ recorded }: TestGateway): Promise<string | undefined> => {
  const { ends, attempts } = await recorded.ended(0);
  expect([recorded.calls.length, ends.length, attempts.map((attempt) => attempt.ends.length)]).toEqual([1, 1, [1]]);
  return ends[0]?.outcome;
};

describe("JSON of 100,000 levels in a request", () => {
  const paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings"];
  const forms = [false, true];

  test.each(paths.flatMap((path) => forms.map((isStream) => ({ path, isStream }))))(
    "is refused at $path, streamed $isStream, and a hundred levels are not",
    async ({ path, isStream }) => {
      const { errors, system } = await start({ script: answerJson(completion("ok")) });
      await using _ = system;
      const refused = await system.ask({ path, body: withSchema(deep, isStream) });
      expect([refused.status, refused.body.toString()]).toEqual([400, expect.stringContaining("200 levels")]);
      expect([system.recorded.calls.length, errors]).toEqual([0, []]);
      expect((await system.ask({ path, body: withSchema(flat, isStream) })).status).toBe(200);
    },
  );

  test("is no feedback", async () => {
    const { errors, system } = await start({});
    await using _ = system;
    expect((await system.ask({ path: "/v1/feedback", body: deep })).status).toBe(400);
    expect(errors).toEqual([]);
  });

  const chatCall = { id: "c", type: "function", function: { name: "f", arguments: deep } };
  const histories = [
    {
      path: "/v1/chat/completions",
      body: { ...hello, messages: [...hello.messages, { role: "assistant", content: null, tool_calls: [chatCall] }] },
    },
    {
      path: "/v1/responses",
      body: { model: "up-1", input: [{ type: "function_call", call_id: "c", name: "f", arguments: deep }] },
    },
  ];
  const translated = providerFixtures.filter(({ kind }) => ["anthropic", "gemini", "bedrock"].includes(kind));

  test.each(
    histories.flatMap((history) => translated.map(({ kind, config, whole }) => ({ ...history, kind, config, whole }))),
  )(
    "is an empty object where it stands in the arguments of an earlier tool call: $path to $kind",
    async ({ path, body, config, whole }) => {
      const { errors, system } = await start({ script: answerJson(whole), providerAt: config });
      await using _ = system;
      expect([(await system.ask({ path, body })).status, errors]).toEqual([200, []]);
      expect(await onlyOutcome(system)).toBe("ok");
      expect(system.upstream.requests[0]?.body.toString()).toMatch(/"(?:input|args)":\{\}/);
    },
  );
});

describe("JSON of 100,000 levels in an answer", () => {
  const kinds = deepAnswers(deep);
  const rows = surfaceReaders.flatMap((surface) => kinds.map((answer) => ({ ...surface, ...answer })));

  test.each(rows)("is the error of $kind, whole, for a caller of $path", async ({ path, request, config, whole }) => {
    const script: UpstreamScript = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(whole);
    };
    const { errors, system } = await start({ script, providerAt: config });
    await using _ = system;
    const { status } = await system.ask({ path, body: request });
    expect([await onlyOutcome(system), errors]).toEqual(["provider_error", []]);
    expect([200, 502]).toContain(status);
  });

  test.each(rows)("is the error of $kind, streamed, for a caller of $path", async (row) => {
    const script: UpstreamScript = (response) => {
      response.writeHead(200, { "content-type": row.streamType });
      response.end(row.stream);
    };
    const { errors, system } = await start({ script, providerAt: row.config });
    await using _ = system;
    const { status, isComplete } = await system.ask({ path: row.path, body: { ...row.request, ...row.streaming } });
    expect([await onlyOutcome(system), errors, isComplete]).toEqual(["provider_error", [], true]);
    expect([200, 502]).toContain(status);
  });

  test.each(surfaceReaders)(
    "costs nobody the answer where it stands in the arguments of a tool call: $path",
    async (surface) => {
      const call = { id: "c", type: "function", function: { name: "f", arguments: deep } };
      const message = { role: "assistant", content: null, tool_calls: [call] };
      const { errors, system } = await start({
        script: answerJson({ ...completion(""), choices: [{ index: 0, message, finish_reason: "tool_calls" }] }),
      });
      await using _ = system;
      expect((await system.ask({ path: surface.path, body: surface.request })).status).toBe(200);
      expect([await onlyOutcome(system), errors]).toEqual(["ok", []]);
    },
  );
});
