import type { IncomingHttpHeaders } from "node:http";
import type { ChatRequest } from "../chat-request.ts";
import { isRunByProvider } from "../run-by-provider.ts";
import type { WireName } from "../wires/wire-name.ts";

/** Members by which a request has the provider do something, or write to what it keeps. */
const acting = ["conversation", "background", "container", "mcp_servers", "web_search_options"] as const;

/**
 * Whether a call may be under way twice at once. Every surface asks a question, whose answer alone changes nothing; it may not
 * where the provider itself runs tools or keeps the answer, or where the caller has said by a key that it is to be done once.
 */
export const isRepeatable = (args: {
  readonly chat: Pick<ChatRequest, "members">;
  /** The format of the caller's surface. */
  readonly wire: WireName;
  readonly headers: IncomingHttpHeaders;
}): boolean => {
  const { chat, wire, headers } = args;
  const { members } = chat;
  const { tools, store } = members;
  // OpenAI keeps responses unless it is told not to.
  const isKept = wire === "responses" ? store !== false : store === true;
  const isActing = acting.some((name) => isSet(members[name])) || (Array.isArray(tools) && tools.some(isRunByProvider));
  return headers["idempotency-key"] === undefined && !isKept && !isActing;
};

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== false;
