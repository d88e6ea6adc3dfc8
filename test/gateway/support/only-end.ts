import { expect } from "vitest";
import type { CallEnd } from "../../../gateway/call-recorder.ts";
import type { TestGateway } from "./test-gateway.ts";

/** The one end of the one attempt and of the one call. */
export const onlyEnd = async (system: TestGateway): Promise<CallEnd> => {
  const call = await system.recorded.ended(0);
  expect([system.recorded.calls.length, call.ends.length, call.attempts.length]).toEqual([1, 1, 1]);
  const [end] = call.ends;
  const [attempt] = call.attempts;
  expect(attempt?.ends).toHaveLength(1);
  expect(attempt?.ends[0]?.outcome).toBe(end?.outcome);
  if (end === undefined) {
    throw new Error("the call has not ended");
  }
  return end;
};

/** The error of the last event of a stream. */
export const lastError = (text: string): unknown =>
  JSON.parse(text.split("\n\n").at(-2)?.replace("data: ", "") ?? "null");
