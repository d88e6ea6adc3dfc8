import type { Refusal } from "./refusal.ts";

/** What a caller is told whose route or model is not served here. */
export const notFound = (
  kind: "unknown_route" | "unknown_model",
  asked: { readonly route: string | null; readonly model: string },
): Refusal =>
  kind === "unknown_route"
    ? { code: "request.unknown_route", message: `There is no route "${asked.route}".`, param: "x-plumbline-route" }
    : {
        code: "request.unknown_model",
        message: `The model '${asked.model}' does not exist or is not served here: see GET /v1/models.`,
        param: "model",
      };
