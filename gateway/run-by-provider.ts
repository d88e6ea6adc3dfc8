import { isRecord } from "./is-record.ts";

/** Whether a tool of a request is run by the provider: one of the caller's own is a function, or has a schema as in Anthropic's API. */
export const isRunByProvider = (tool: unknown): boolean =>
  isRecord(tool) &&
  tool["type"] !== "function" &&
  tool["type"] !== "custom" &&
  !(tool["type"] === undefined && tool["input_schema"] !== undefined);
