import { expect, test } from "vitest";
import { askedOutput, limitOutput } from "../../../gateway/budgets/output-limit.ts";
import { chatSurface } from "../../../gateway/surfaces/chat-surface.ts";
import { responsesSurface } from "../../../gateway/surfaces/responses-surface.ts";
import type { WireName } from "../../../gateway/wires/wire-name.ts";

const messages = [{ role: "user", content: "x" }];

const parsed = (surface: typeof chatSurface, members: object) => {
  const body = Buffer.from(JSON.stringify({ model: "m", ...members }));
  const result = surface.parse(body);
  if (!result.ok) throw new Error(result.refusal.message);
  return { body, chat: result.chat };
};

interface Row {
  readonly name: string;
  readonly surface: typeof chatSurface;
  readonly members: object;
  readonly wire: WireName;
  readonly host: string | null;
  readonly member: string;
}

test.each<Row>([
  {
    name: "OpenAI",
    surface: chatSurface,
    members: { messages },
    wire: "chat",
    host: "api.openai.com",
    member: "max_completion_tokens",
  },
  {
    name: "Azure",
    surface: chatSurface,
    members: { messages },
    wire: "chat",
    host: "x.openai.azure.com",
    member: "max_completion_tokens",
  },
  {
    name: "a compatible server",
    surface: chatSurface,
    members: { messages },
    wire: "chat",
    host: "127.0.0.1",
    member: "max_tokens",
  },
  {
    name: "OpenAI's responses",
    surface: responsesSurface,
    members: { input: "x" },
    wire: "responses",
    host: "api.openai.com",
    member: "max_output_tokens",
  },
])("a call without a number is limited by the member that $name knows", ({ surface, members, wire, host, member }) => {
  const limited = limitOutput(parsed(surface, members), 7, { wire, serverAddress: host });
  expect(JSON.parse(limited.body.toString())).toEqual({ model: "m", ...members, [member]: 7 });
  expect(limited.chat.maxTokens).toBe(7);
  expect(limited.chat.asChat).toMatchObject({ [member]: 7 });
});

test("a member that is written twice is limited both times, whichever a provider reads", () => {
  const body = Buffer.from(
    '{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":-1,"max_tokens":null}',
  );
  const result = chatSurface.parse(body);
  const chat = result.ok ? result.chat : parsed(chatSurface, { messages }).chat;
  const limited = limitOutput({ chat, body }, 7, { wire: "chat", serverAddress: null });
  expect(limited.body.toString().match(/"max_tokens":7/g)?.length).toBe(2);
});

test.each([
  { members: { max_tokens: 5 }, asked: 5 },
  { members: { max_tokens: 5, max_completion_tokens: 9 }, asked: 9 },
  { members: { max_tokens: 5, max_completion_tokens: null }, asked: 5 },
  { members: {}, asked: null },
  { members: { max_tokens: 0 }, asked: null },
  { members: { max_tokens: 1.5 }, asked: null },
  { members: { max_tokens: 1e300 }, asked: null },
])("of $members $asked output tokens are asked for", ({ members, asked }) => {
  expect(askedOutput(parsed(chatSurface, { messages, ...members }).chat)).toBe(asked);
});
