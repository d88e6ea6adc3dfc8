import { describe, expect, test } from "vitest";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import type { Surface } from "../../../gateway/surfaces/surface.ts";
import { chat, png, schema } from "../support/long-request.ts";

const parsed = (surface: Surface, body: object): unknown => {
  const result = surface.parse(Buffer.from(JSON.stringify(body)));
  return result.ok ? result.chat.asChat : result.refusal;
};
const { temperature: _temperature, ...asked } = chat;

describe("a request in another format", () => {
  test("of Anthropic's messages becomes a chat completion", () => {
    const body = {
      model: "m1",
      max_tokens: 50,
      top_p: 0.9,
      stop_sequences: ["END"],
      stream: true,
      metadata: { user_id: "u1" },
      system: "Be brief.",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Where is this?" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          ],
        },
        { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "weather", input: { city: "Oslo" } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "Rain." }] },
        { role: "user", content: "Thanks. And now?" },
      ],
      tools: [{ name: "weather", description: "Tells it.", input_schema: schema }],
      tool_choice: { type: "any" },
    };
    expect(parsed(messagesSurface, body)).toEqual(asked);
  });

  test("of OpenAI's responses becomes a chat completion", () => {
    const body = {
      model: "m1",
      max_output_tokens: 50,
      top_p: 0.9,
      stream: true,
      safety_identifier: "u1",
      instructions: "Be brief.",
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "Where is this?" },
            { type: "input_image", image_url: `data:image/png;base64,${png}` },
          ],
        },
        { type: "reasoning", id: "rs_1", summary: [] },
        { type: "function_call", call_id: "c1", name: "weather", arguments: '{"city":"Oslo"}' },
        { type: "function_call_output", call_id: "c1", output: "Rain." },
        { type: "message", role: "user", content: [{ type: "input_text", text: "Thanks. And now?" }] },
      ],
      tools: [{ type: "function", name: "weather", description: "Tells it.", parameters: schema }],
      tool_choice: "required",
    };
    const { max_tokens, stop: _stop, ...rest } = asked;
    expect(parsed(responsesSurface, body)).toEqual({ ...rest, max_completion_tokens: max_tokens });
  });

  test.each([
    {
      surface: messagesSurface,
      body: { model: "m1", messages: [{ role: "user", content: "Hi" }] },
      param: "max_tokens",
    },
    { surface: messagesSurface, body: { model: "m1", max_tokens: 1, messages: [] }, param: "messages" },
    { surface: messagesSurface, body: { model: "m1", max_tokens: 1, messages: [{}] }, param: "messages[0].role" },
    { surface: responsesSurface, body: { model: "", input: "Hi" }, param: "model" },
    { surface: responsesSurface, body: { model: "m1", input: [1] }, param: "input" },
  ])("is refused by $surface.path when $param is wrong", ({ surface, body, param }) => {
    expect(parsed(surface, body)).toMatchObject({ code: "request.malformed", param });
  });
});
