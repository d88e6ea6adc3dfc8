import type { IncomingMessage } from "node:http";
import { drainFailure } from "./call-failure.ts";
import type { GatewayState } from "./gateway-state.ts";
import type { Refusal } from "./refusal.ts";

/** What a caller is told that comes while the gateway stops. */
export const draining = drainFailure.refusal;

/** Why no call can begin now, whatever it asks for; null when one can. */
export const findObstacle = (state: GatewayState, request: IncomingMessage): Refusal | null => {
  if (state.isDraining()) {
    return draining;
  }
  const room = state.hasRoom();
  if (!room.ok) {
    return { code: room.code, message: `No call can be recorded at the moment: ${room.reason}`, param: null };
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  return encoding === "identity"
    ? null
    : { code: "request.malformed", message: "The body must not be compressed.", param: "content-encoding" };
};
