import { describe, expect, test } from "vitest";
import type { Log } from "../../../core/log.ts";
import { silentLog } from "../../../core/log.ts";
import { answerJson, answerStream } from "../support/mock-upstream.ts";
import { completion } from "../support/openai-bytes.ts";
import { providerFixtures } from "../support/provider-fixtures.ts";
import { hello, startTestGateway } from "../support/test-gateway.ts";

const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
const flat = `${'{"a":'.repeat(100)}1${"}".repeat(100)}`;
const withSchema = (schema: string): string =>
  `{"model":"up-1","max_tokens":9,"messages":[{"role":"user","content":"x"}],"input":"x","tools":[{"name":"f","type":"function","function":{"name":"f","parameters":${schema}},"input_schema":${schema},"parameters":${schema}}]}`;

/** A gateway, and what it has logged as its own defects. */
const start = async (more: Parameters<typeof startTestGateway>[0]) => {
  const errors: unknown[] = [];
  const log: Log = { ...silentLog, error: (...args: unknown[]) => void errors.push(args) };
  return { errors, system: await startTestGateway({ ...more, deps: { log } }) };
};

describe("JSON that is nested deeper than a stack", () => {
  const paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses"];

  test.each(paths)("is refused as a request to %s, and a hundred levels are not", async (path) => {
    const { errors, system } = await start({ script: answerJson(completion("ok")) });
    await using _ = system;
    expect((await system.ask({ path, body: withSchema(deep) })).status).toBe(400);
    expect([system.recorded.calls.length, errors]).toEqual([0, []]);
    expect((await system.ask({ path, body: withSchema(flat) })).status).toBe(200);
  });

  const anthropic = providerFixtures.find(({ kind }) => kind === "anthropic");
  const block = `{"type":"tool_use","id":"c","name":"f","input":${deep}}`;
  const whole = `{"type":"message","id":"i","model":"m","role":"assistant","content":[${block}],"stop_reason":"tool_use"}`;
  const event = `data: {"type":"content_block_start","index":0,"content_block":${block}}\n\n`;

  test.each([
    { form: "whole", stream: false, script: answerJson(null), outcome: "provider_error" },
    { form: "streamed", stream: true, script: answerStream([event]), outcome: "upstream_cut" },
  ])("is a provider's error when it comes $form", async ({ stream, script, outcome }) => {
    const { errors, system } = await start({ script, ...(anthropic && { providerAt: anthropic.config }) });
    await using _ = system;
    if (!stream) {
      system.upstream.script((response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(whole);
      });
    }
    const response = await system.ask({ body: { ...hello, stream } });
    expect(response.body.toString()).toContain('"error"');
    expect((await system.recorded.ended(0)).ends).toMatchObject([{ outcome }]);
    expect(errors).toEqual([]);
  });
});
