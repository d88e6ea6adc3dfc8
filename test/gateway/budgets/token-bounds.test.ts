import { describe, expect, test } from "vitest";
import { tokenBounds } from "../../../gateway/budgets/token-bounds.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { embeddingsSurface } from "../../../gateway/surfaces/embeddings-surface.ts";
import { messagesSurface } from "../../../gateway/surfaces/messages-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import type { Surface } from "../../../gateway/surfaces/surface.ts";

const outside = 1_000_000;

const boundsOf = (surface: Surface, members: object) => {
  const body = Buffer.from(JSON.stringify({ model: "m", ...members }));
  const parsed = surface.parse(body);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const { operation } = surface;
  const bounds = { chat: parsed.chat, operation, body, maxOutput: 10, outsideInput: outside };
  return { bytes: body.length, ...tokenBounds(bounds) };
};

const asks = (content: unknown, more: object = {}) => ({ messages: [{ role: "user", content }], ...more });
const text = { type: "text", text: "x" };

describe("the input of a call is bounded", () => {
  test.each([
    { name: "text", surface: chatSurface, members: asks("x") },
    { name: "parts of text", surface: chatSurface, members: asks([text]) },
    {
      name: "functions",
      surface: chatSurface,
      members: asks("x", { tools: [{ type: "function", function: { name: "f" } }] }),
    },
    {
      name: "Anthropic's tools",
      surface: messagesSurface,
      members: asks([text], { max_tokens: 9, tools: [{ name: "f", input_schema: {} }] }),
    },
    {
      name: "results of tools",
      surface: messagesSurface,
      members: asks([{ type: "tool_result", tool_use_id: "t", content: [text] }], { max_tokens: 9 }),
    },
    {
      name: "items of text",
      surface: responsesSurface,
      members: { input: [{ role: "user", content: [{ type: "input_text", text: "x" }] }] },
    },
    { name: "texts to embed", surface: embeddingsSurface, members: { input: ["x", "y"] } },
  ])("by its bytes: $name", ({ surface, members }) => {
    const { bytes, input } = boundsOf(surface, members);
    expect(input).toBeGreaterThan(bytes);
    expect(input).toBeLessThan(bytes + 1_100);
  });

  test.each([
    { name: "an image", surface: chatSurface, members: asks([{ type: "image_url", image_url: { url: "https://x" } }]) },
    {
      name: "an image in a result",
      surface: messagesSurface,
      members: asks([{ type: "tool_result", tool_use_id: "t", content: [{ type: "image" }] }], { max_tokens: 9 }),
    },
    {
      name: "a file",
      surface: responsesSurface,
      members: { input: [{ role: "user", content: [{ type: "input_file", file_id: "f" }] }] },
    },
    { name: "a stored turn", surface: responsesSurface, members: { input: "x", previous_response_id: "r" } },
    { name: "a stored item", surface: responsesSurface, members: { input: [{ type: "item_reference", id: "i" }] } },
    {
      name: "a search of the provider",
      surface: responsesSurface,
      members: { input: "x", tools: [{ type: "web_search" }] },
    },
    {
      name: "a search in Anthropic's tools",
      surface: messagesSurface,
      members: asks("x", { max_tokens: 9, tools: [{ type: "web_search_20250305", name: "s" }] }),
    },
  ])("by what the model can read at most: $name", ({ surface, members }) => {
    expect(boundsOf(surface, members).input).toBe(outside);
  });
});

describe("the output of a call is bounded", () => {
  test.each([
    { name: "by what it asks for", surface: chatSurface, members: asks("x"), output: 10 },
    { name: "as often as it asks for a choice", surface: chatSurface, members: asks("x", { n: 3 }), output: 30 },
    { name: "not below one choice", surface: chatSurface, members: asks("x", { n: -5 }), output: 10 },
    { name: "by nothing for embeddings", surface: embeddingsSurface, members: { input: "x" }, output: 0 },
  ])("$name", ({ surface, members, output }) => {
    expect(boundsOf(surface, members).output).toBe(output);
  });
});
