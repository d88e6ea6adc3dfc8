import type { ServerResponse } from "node:http";
import { callIdHeader } from "./answer-headers.ts";
import type { GatewayState } from "./gateway-state.ts";
import type { Refusal } from "./refusal.ts";
import { refusalError } from "./refusal.ts";
import { chatSurface } from "./surfaces/chat-surface.ts";
import type { Surface } from "./surfaces/surface.ts";

/** Seconds after which a caller may try again: time for a load balancer to notice, or for the bus to take some calls. */
const retryAfterSeconds = "1";

/** What may differ from the usual answer to a refusal. */
export interface RefusalOptions {
  /** Overrides the status that goes with the code. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** In whose shape the error is written; absent means OpenAI's. */
  readonly surface?: Surface;
}

/** Answers a request that becomes no call; it is counted, and gets an id of its own. */
export const sendRefusal = (
  response: ServerResponse,
  refusal: Refusal,
  args: Pick<GatewayState, "meter" | "random" | "isDraining"> & { readonly options?: RefusalOptions },
): void => {
  const known = refusalError(refusal);
  const status = args.options?.status ?? known.status;
  const body = (args.options?.surface ?? chatSurface).errorBody({ ...known, status });
  args.meter.add("gatewayRejected", 1, { code: refusal.code });
  response.shouldKeepAlive &&= !args.isDraining();
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    [callIdHeader]: requestId(args.random),
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    ...(status === 503 ? { "retry-after": retryAfterSeconds } : {}),
    ...args.options?.headers,
  });
  response.end(body);
};

/** 16 hex characters, as call ids have; no record has this id. */
export const requestId = (random: () => number): string => `${eightHex(random)}${eightHex(random)}`;

const eightHex = (random: () => number): string =>
  Math.floor(random() * 4_294_967_296)
    .toString(16)
    .padStart(8, "0");
