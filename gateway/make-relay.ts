import type { ResponseHeaders } from "./providers/provider.ts";
import type { Relay } from "./relay.ts";
import type { StreamRelayArgs } from "./stream-relay.ts";
import { StreamRelay } from "./stream-relay.ts";
import { WholeRelay } from "./whole-relay.ts";

/** The relay that an answer needs: it is the answer's own type that tells a stream, not what was asked for. */
export const makeRelay = (
  args: StreamRelayArgs & { readonly status: number; readonly headers: ResponseHeaders },
): Relay => {
  const { status, headers } = args;
  const isReadable = (headers["content-encoding"] ?? "identity") === "identity";
  return isReadable && status === 200 && isEventStream(headers["content-type"])
    ? new StreamRelay(args)
    : new WholeRelay({ ...args, isReadable });
};

const isEventStream = (contentType: string | readonly string[] | undefined): boolean =>
  typeof contentType === "string" && contentType.toLowerCase().startsWith("text/event-stream");
