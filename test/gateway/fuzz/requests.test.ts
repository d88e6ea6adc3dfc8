import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askedOutput, limitOutput } from "../../../gateway/budgets/output-limit.ts";
import { tokenBounds } from "../../../gateway/budgets/token-bounds.ts";
import { captureMessages } from "../../../gateway/capture.ts";
import { isRepeatable } from "../../../gateway/hedge/is-repeatable.ts";
import { inputMessages, inputText, systemText } from "../../../gateway/input-messages.ts";
import { outgoingBody, translatedBody } from "../../../gateway/outgoing-body.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { embeddingsSurface } from "../../../gateway/surfaces/embeddings-surface.ts";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import type { Surface } from "../../../gateway/surfaces/surface.ts";
import { featuresOf } from "../../../gateway/wires/features-of.ts";
import { wires } from "../../../gateway/wires/wire.ts";
import type { WireName } from "../../../gateway/wires/wire-name.ts";
import { brokenJson } from "./broken-json.ts";

const image = { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } };
const call = { id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } };
const schema = { type: "object", properties: {} };

const chat = {
  model: "m",
  stream: true,
  stream_options: {},
  max_tokens: 5,
  temperature: 1,
  user: "u",
  stop: ["x"],
  tool_choice: "auto",
  tools: [{ type: "function", function: { name: "f", parameters: schema } }],
  response_format: { type: "json_schema", json_schema: { name: "s", schema } },
  messages: [
    { role: "system", content: "s" },
    { role: "user", content: [{ type: "text", text: "t" }, image] },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "done" },
  ],
};
const messages = {
  model: "m",
  max_tokens: 5,
  stream: true,
  system: [{ type: "text", text: "s" }],
  tools: [{ name: "f", input_schema: schema }],
  tool_choice: { type: "auto" },
  metadata: { user_id: "u" },
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "t" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
      ],
    },
    { role: "assistant", content: [{ type: "tool_use", id: "c", name: "f", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: [{ type: "text", text: "d" }] }] },
  ],
};
const responses = {
  model: "m",
  stream: true,
  instructions: "i",
  store: false,
  max_output_tokens: 5,
  tools: [{ type: "function", name: "f", parameters: schema }],
  text: { format: { type: "json_schema", name: "s", schema } },
  input: [
    { role: "user", content: [{ type: "input_text", text: "t" }] },
    { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
    { type: "function_call_output", call_id: "c", output: "d" },
  ],
};
const embeddings = { model: "m", input: ["a", "b"], encoding_format: "float", dimensions: 3, user: "u" };

const cases: readonly { readonly surface: Surface; readonly right: object }[] = [
  { surface: chatSurface, right: chat },
  { surface: messagesSurface, right: messages },
  { surface: responsesSurface, right: responses },
  { surface: embeddingsSurface, right: embeddings },
];
const names: readonly WireName[] = ["chat", "messages", "gemini", "converse", "gemini_embeddings"];

/** All that is done with a request before an answer comes. Throwing means a call that ends as a defect of the gateway. */
const serve = (surface: Surface, body: Buffer): boolean => {
  const parsed = surface.parse(body);
  if (!parsed.ok) return false;
  const request = { chat: parsed.chat, body };
  const limited = limitOutput(request, 7, { wire: surface.wire, serverAddress: null });
  for (const { chat: asked, body: bytes } of [request, limited]) {
    askedOutput(asked);
    tokenBounds({ chat: asked, operation: surface.operation, body: bytes, maxOutput: 1, outsideInput: 1 });
    isRepeatable({ chat: asked, wire: surface.wire, headers: {} });
    systemText(asked.messages);
    inputText(asked.messages);
    captureMessages(inputMessages(asked.messages), { policy: "redacted", limitBytes: 500 });
    const sent = outgoingBody(bytes, asked, { model: "other", asksForUsage: surface.wire === "chat" });
    expect(JSON.parse(sent.toString())).toMatchObject({ model: "other" });
    const wanted = [...featuresOf(asked, surface.operation)];
    for (const wire of names) {
      const { operation, features } = wires[wire];
      const canServe = operation === surface.operation && wanted.every((feature) => features.has(feature));
      if (canServe) JSON.parse(translatedBody({ wire, chat: asked, model: "m", asksForUsage: false }).toString());
    }
  }
  return true;
};

describe.each(cases)("a request to $surface.path", ({ surface, right }) => {
  test("is served as it should be", () => {
    expect(serve(surface, Buffer.from(JSON.stringify(right)))).toBe(true);
  });

  test("is refused or served, whatever stands in it", () => {
    fc.assert(
      fc.property(brokenJson(right), (body) => void serve(surface, Buffer.from(JSON.stringify(body)))),
      { numRuns: 500 },
    );
  });

  test("is refused or served, wherever its bytes are damaged", () => {
    const bytes = [...Buffer.from(JSON.stringify(right))];
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(damage, (changes) => {
        const broken = Buffer.from(bytes);
        for (const [at, byte] of changes) broken[at] = byte;
        serve(surface, broken);
      }),
      { numRuns: 300 },
    );
  });
});
