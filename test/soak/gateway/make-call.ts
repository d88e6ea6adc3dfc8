import type { Dispatcher, Pool } from "undici";
import type { MixedCall } from "./call-mix.ts";
import { bodyOf, lastEventOf } from "./call-mix.ts";

/**
 * How a call ended for its caller: a whole answer; the status of an error; a stream that ended with another event than its
 * last; the caller's own going away; a connection that broke; one that did not come about.
 */
export type View = "whole" | number | "unfinished" | "aborted" | "broken" | "refused";

/** How long a caller waits for the answer of which it only wants the beginning. */
const patienceMs = 30;

/** Makes a call, and goes away in the midst of it when that is its behaviour. The session of its record is its number. */
export const makeCall = async (pool: Pool, call: MixedCall): Promise<View> => {
  const leaving = new AbortController();
  const isLeaving = call.behaviour === "abort";
  const timer = isLeaving ? setTimeout(() => leaving.abort(), call.isStream ? 5_000 : patienceMs) : undefined;
  try {
    const response = await pool.request({
      method: "POST",
      path: `/v1${call.path}`,
      headers: { "content-type": "application/json", "x-plumbline-session": `soak-${call.number}` },
      body: bodyOf(call),
      signal: leaving.signal,
    });
    return isLeaving && call.isStream
      ? await leave(response, leaving)
      : viewOf(call, response, await response.body.text());
  } catch (error) {
    if (leaving.signal.aborted) {
      return "aborted";
    }
    return error instanceof Error && "code" in error && error.code === "ECONNREFUSED" ? "refused" : "broken";
  } finally {
    clearTimeout(timer);
  }
};

const viewOf = (call: MixedCall, { statusCode }: Dispatcher.ResponseData, text: string): View => {
  if (statusCode !== 200) {
    return statusCode;
  }
  return !call.isStream || text.includes(lastEventOf(call)) ? "whole" : "unfinished";
};

const leave = async ({ body }: Dispatcher.ResponseData, leaving: AbortController): Promise<View> => {
  for await (const _ of body) {
    leaving.abort();
  }
  return "aborted";
};
