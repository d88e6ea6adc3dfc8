import { describe, expect, test } from "vitest";
import { wires } from "../../../gateway/wires/wire.ts";
import type { WireName } from "../../../gateway/wires/wire-name.ts";
import { chat, png, schema } from "../support/long-request.ts";

const written = (wire: WireName, change: object = {}): unknown =>
  wires[wire].writeRequest?.({ ...chat, ...change }, "target-1");

describe("a chat completion request", () => {
  test("becomes one of Anthropic's messages", () => {
    expect(written("messages")).toEqual({
      model: "target-1",
      max_tokens: 50,
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Where is this?" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          ],
        },
        { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "weather", input: { city: "Oslo" } }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "c1", content: "Rain." },
            { type: "text", text: "Thanks. And now?" },
          ],
        },
      ],
      temperature: 1,
      top_p: 0.9,
      stop_sequences: ["END"],
      stream: true,
      metadata: { user_id: "u1" },
      tools: [{ name: "weather", description: "Tells it.", input_schema: schema }],
      tool_choice: { type: "any" },
    });
  });

  test("becomes one of Gemini's", () => {
    expect(written("gemini")).toEqual({
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Where is this?" }, { inlineData: { mimeType: "image/png", data: png } }] },
        { role: "model", parts: [{ functionCall: { name: "weather", args: { city: "Oslo" } } }] },
        {
          role: "user",
          parts: [
            { functionResponse: { name: "weather", response: { result: "Rain." } } },
            { text: "Thanks. And now?" },
          ],
        },
      ],
      tools: [{ functionDeclarations: [{ name: "weather", description: "Tells it.", parametersJsonSchema: schema }] }],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
      generationConfig: { maxOutputTokens: 50, temperature: 1.5, topP: 0.9, stopSequences: ["END"] },
    });
  });

  test("becomes one of Bedrock's Converse", () => {
    expect(written("converse")).toEqual({
      system: [{ text: "Be brief." }],
      messages: [
        {
          role: "user",
          content: [{ text: "Where is this?" }, { image: { format: "png", source: { bytes: png } } }],
        },
        { role: "assistant", content: [{ toolUse: { toolUseId: "c1", name: "weather", input: { city: "Oslo" } } }] },
        {
          role: "user",
          content: [{ toolResult: { toolUseId: "c1", content: [{ text: "Rain." }] } }, { text: "Thanks. And now?" }],
        },
      ],
      inferenceConfig: { maxTokens: 50, temperature: 1.5, topP: 0.9, stopSequences: ["END"] },
      toolConfig: {
        tools: [{ toolSpec: { name: "weather", description: "Tells it.", inputSchema: { json: schema } } }],
        toolChoice: { any: {} },
      },
    });
  });

  const named = { type: "function", function: { name: "weather" } };
  test.each([
    { wire: "messages", choice: "auto", member: "tool_choice", expected: { type: "auto" } },
    { wire: "messages", choice: "none", member: "tool_choice", expected: { type: "none" } },
    { wire: "messages", choice: named, member: "tool_choice", expected: { type: "tool", name: "weather" } },
    { wire: "gemini", choice: "none", member: "toolConfig", expected: { functionCallingConfig: { mode: "NONE" } } },
    {
      wire: "gemini",
      choice: named,
      member: "toolConfig",
      expected: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["weather"] } },
    },
    { wire: "converse", choice: "none", member: "toolConfig", expected: undefined },
    {
      wire: "converse",
      choice: named,
      member: "toolConfig",
      expected: expect.objectContaining({ toolChoice: { tool: { name: "weather" } } }),
    },
  ] as const)("chooses tools by $wire: $choice", ({ wire, choice, member, expected }) => {
    expect(Object(written(wire, { tool_choice: choice }))[member]).toEqual(expected);
  });

  test("asks for an answer that keeps to a schema where the format can say so", () => {
    const change = { response_format: { type: "json_schema", json_schema: { name: "a", schema } } };
    expect(written("messages", change)).toMatchObject({ output_config: { format: { type: "json_schema", schema } } });
    expect(written("gemini", change)).toMatchObject({
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
  });

  test("without a limit asks Anthropic for one, which it wants", () => {
    expect(written("messages", { max_tokens: undefined })).toMatchObject({ max_tokens: 4_096 });
  });
});
