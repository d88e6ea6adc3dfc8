import { nameOf, parseObject, recordOf, recordsOf, textOf } from "../json-values.ts";

type Members = Readonly<Record<string, unknown>>;

/** One part of a turn, as formats other than OpenAI's need it. */
export type TurnPart =
  | { readonly kind: "text"; readonly text: string }
  /** Bytes in base64. */
  | { readonly kind: "image"; readonly mediaType: string; readonly data: string }
  | { readonly kind: "image_address"; readonly url: string }
  | { readonly kind: "tool_call"; readonly id: string; readonly name: string; readonly input: Members }
  /** `name` is that of the tool whose call it answers; empty when that call is not in the conversation. */
  | { readonly kind: "tool_result"; readonly id: string; readonly name: string; readonly text: string };

/** What one side says until the other takes its turn. */
export interface Turn {
  readonly role: "user" | "assistant";
  readonly parts: readonly TurnPart[];
}

/** A conversation in turns, as Anthropic, Google and Amazon want it. */
export interface Conversation {
  /** The instructions, one entry for each message that gave some. */
  readonly system: readonly string[];
  readonly turns: readonly Turn[];
}

/** The messages of a chat completion as turns: instructions apart, and neighbours of one side put together. */
export const conversationOf = (members: Members): Conversation => {
  const messages = recordsOf(members["messages"]);
  const isInstruction = ({ role }: Members): boolean => role === "system" || role === "developer";
  const names = toolNames(messages);
  const system = messages.filter(isInstruction).map(({ content }) => textOfContent(content));
  // Lists grow in place: copies of a hundred thousand parts would take minutes.
  const turns: { readonly role: "user" | "assistant"; readonly parts: TurnPart[] }[] = [];
  for (const message of messages.filter((one) => !isInstruction(one))) {
    const role = message["role"] === "assistant" ? "assistant" : "user";
    const parts = partsOf(message, names);
    const last = turns.at(-1);
    if (last?.role === role) {
      for (const part of parts) last.parts.push(part);
    } else if (parts.length > 0) {
      turns.push({ role, parts: [...parts] });
    }
  }
  return { system: system.filter((text) => text !== ""), turns };
};

const toolNames = (messages: readonly Members[]): ReadonlyMap<unknown, string> =>
  new Map(
    messages
      .flatMap((message) => recordsOf(message["tool_calls"]))
      .map((call) => [call["id"], textOf(recordOf(call["function"])["name"])]),
  );

const partsOf = (message: Members, names: ReadonlyMap<unknown, string>): readonly TurnPart[] => {
  const id = message["tool_call_id"];
  if (message["role"] === "tool") {
    const text = textOfContent(message["content"]);
    return [{ kind: "tool_result", id: textOf(id), name: names.get(id) ?? "", text }];
  }
  const calls = recordsOf(message["tool_calls"]).map((call) => {
    const details = recordOf(call["function"]);
    const input = parseObject(textOf(details["arguments"]));
    return { kind: "tool_call", id: textOf(call["id"]), name: textOf(details["name"]), input } as const;
  });
  return [...contentParts(message["content"]), ...calls];
};

const contentParts = (content: unknown): readonly TurnPart[] => {
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : recordsOf(content);
  return parts.flatMap(contentPart);
};

const dataUrl = /^data:([^;,]+);base64,(.*)$/s;

const contentPart = (part: Members): readonly TurnPart[] => {
  const address = nameOf(recordOf(part["image_url"])["url"]);
  if (address !== null) {
    const [, mediaType, data] = dataUrl.exec(address) ?? [];
    return mediaType === undefined || data === undefined
      ? [{ kind: "image_address", url: address }]
      : [{ kind: "image", mediaType, data }];
  }
  const text = textOf(part["text"]) || textOf(part["refusal"]);
  return text === "" ? [] : [{ kind: "text", text }];
};

const textOfContent = (content: unknown): string =>
  typeof content === "string"
    ? content
    : recordsOf(content)
        .map(({ text }) => textOf(text))
        .join("\n");
