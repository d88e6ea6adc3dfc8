import type { CallerResponse } from "./caller-response.ts";

/** Where an answer goes: the response to a caller, or nowhere. */
export type AnswerOut = Pick<
  CallerResponse,
  | "hasStarted"
  | "hasTime"
  | "isHeld"
  | "setHead"
  | "sendHeadSoon"
  | "write"
  | "writeNow"
  | "end"
  | "endWhole"
  | "endWithError"
  | "destroy"
>;
