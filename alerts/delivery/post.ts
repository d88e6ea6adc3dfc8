import type { Clock } from "../../core/clock.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { SendResult } from "./receiver.ts";

/** The part of `fetch` that receivers need. */
export type Fetch = (
  url: string,
  init: {
    readonly method: "POST";
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly redirect: "manual";
    readonly signal: AbortSignal;
  },
) => Promise<Pick<Response, "status" | "headers" | "body">>;

/** What receivers that speak HTTP are made with. */
export interface PostDeps {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Milliseconds that one try may take. */
  readonly timeoutMs: number;
}

/** Posts JSON once. What it says of a failure holds no address, since that may be a secret. */
export const post = async (
  { fetch, clock, timeoutMs }: PostDeps,
  message: { readonly url: string; readonly headers?: Readonly<Record<string, string>>; readonly body: string },
): Promise<SendResult> => {
  try {
    const answer = await fetch(message.url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "plumbline", ...message.headers },
      body: message.body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Nobody reads the answer; a connection with an unread one could not be used again.
    await answer.body?.cancel();
    return judgeAnswer({ status: answer.status, retryAfter: answer.headers.get("retry-after") }, clock.nowMs());
  } catch (error) {
    return { kind: "retry", code: "delivery.unreachable", says: reasonOf(error), afterMs: null };
  }
};

const reasonOf = (error: unknown): string => {
  if (error instanceof Error && error.name === "TimeoutError") {
    return "it did not answer in time";
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `it could not be reached: ${code}` : "it could not be reached";
};
