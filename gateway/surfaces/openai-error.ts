import type { CallerError } from "./surface.ts";

/** An error as JSON text in the shape of OpenAI's API: `{"error":{"message","type","param","code"}}`. */
export const openAiErrorBody = ({ message, type, param, code }: CallerError): string =>
  JSON.stringify({ error: { message, type, param, code } });

/** The same as the last event of a stream of chat completions. */
export const openAiErrorEvent = (error: CallerError): string => `data: ${openAiErrorBody(error)}\n\n`;
