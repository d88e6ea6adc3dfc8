import type { CallerHeaders } from "../caller-headers.ts";
import type { ChatRequest } from "../chat-request.ts";
import type { VirtualKey } from "./key-table.ts";

/** What a caller says of itself. */
interface Claims {
  readonly headers: CallerHeaders;
  readonly chat: ChatRequest;
}

/** The claims of a request as far as its key does not say otherwise: what a key says of its owner holds. */
export const asKeySays = (key: VirtualKey | null, { headers, chat }: Claims): Claims => ({
  headers: key === null || key.tenant === null ? headers : { ...headers, tenant: key.tenant },
  chat: key === null || key.user === null ? chat : { ...chat, user: key.user },
});
