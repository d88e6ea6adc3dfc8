import type { IncomingMessage, ServerResponse } from "node:http";
import { errorCodeOf } from "./error-code-of.ts";
import type { GatewayState } from "./gateway-state.ts";
import { sendRefusal } from "./send-refusal.ts";
import { chatSurface } from "./surfaces/chat-surface.ts";
import type { Surface } from "./surfaces/surface.ts";

/** Serves a request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A handler whose failures are answered here: the application itself would answer them with a page of HTML. */
export const guarded =
  (state: GatewayState, handle: Handler, surface: Surface = chatSurface): Handler =>
  async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      state.log.error({ err: error }, "a request failed inside the gateway");
      if (response.headersSent) {
        response.destroy();
      } else {
        const refusal = { code: errorCodeOf(error), message: "A defect in the gateway.", param: null };
        sendRefusal(response, refusal, { ...state, options: { surface } });
      }
    }
  };
