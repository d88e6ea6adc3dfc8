import type { ChatRequest } from "../chat-request.ts";
import { addMember, replaceMember } from "../json-members.ts";
import type { WireName } from "../wires/wire-name.ts";

/** Members by which requests bound their output. */
const limitMembers = ["max_completion_tokens", "max_tokens", "max_output_tokens"] as const;

/** Most output tokens that a request asks for; null when it names none, or one that some providers take for none. */
export const askedOutput = ({ members }: ChatRequest): number | null => {
  const asked = limitMembers.flatMap((name) => (isSet(members[name]) ? [members[name]] : []));
  const counts = asked.filter(isCount);
  return asked.length === 0 || counts.length < asked.length ? null : Math.max(...counts);
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0;

/** Where a request goes whose output is bounded. */
export interface LimitedBy {
  readonly wire: WireName;
  /** The provider's host; null when it answers within this process. */
  readonly serverAddress: string | null;
}

/** A request and its body that may come to no more than `most` output tokens; everything else in both is as it was. */
export const limitOutput = (
  request: { readonly chat: ChatRequest; readonly body: Buffer },
  most: number,
  by: LimitedBy,
): { readonly chat: ChatRequest; readonly body: Buffer } => {
  const { chat, body } = request;
  const member = limitMember(by);
  const present = limitMembers.filter((name) => chat.members[name] !== undefined);
  const limited =
    present.length === 0
      ? addMember(body, member, String(most))
      : present.reduce((bytes, name) => replaceMember(bytes, name, String(most)), body);
  return {
    body: limited,
    chat: {
      ...chat,
      maxTokens: most,
      members: withLimit(chat.members, member, most),
      asChat: withLimit(chat.asChat, member, most),
    },
  };
};

const withLimit = (members: ChatRequest["members"], member: string, most: number): ChatRequest["members"] => {
  const present = limitMembers.filter((name) => isSet(members[name]));
  const names = present.length === 0 ? [member] : present;
  return { ...members, ...Object.fromEntries(names.map((name) => [name, most])) };
};

/** OpenAI's own newer models refuse `max_tokens`, and many compatible servers know nothing else. */
const limitMember = ({ wire, serverAddress }: LimitedBy): string => {
  if (wire === "responses") {
    return "max_output_tokens";
  }
  const isOpenAi = serverAddress === "api.openai.com" || serverAddress?.endsWith(".openai.azure.com") === true;
  return wire === "chat" && isOpenAi ? "max_completion_tokens" : "max_tokens";
};
