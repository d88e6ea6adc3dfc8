import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf, PlumblineError } from "../../core/errors.ts";
import { callIdHeader } from "../answer-headers.ts";
import { drainFailure } from "../call-failure.ts";
import type { GatewayState } from "../gateway-state.ts";
import { checkKey } from "../keys/check-key.ts";
import { readBody } from "../read-body.ts";
import type { Refusal } from "../refusal.ts";
import { requestId, sendRefusal } from "../send-refusal.ts";
import { feedbackMessage } from "./feedback-message.ts";
import type { ParsedFeedback } from "./parse-feedback.ts";
import { parseFeedback } from "./parse-feedback.ts";

/** Where outcomes and scores of calls are taken. */
export const feedbackPath = "/v1/feedback";

/** What feedback is taken with. */
type FeedbackState = Pick<
  GatewayState,
  "bus" | "clock" | "config" | "isDraining" | "keys" | "log" | "meter" | "random"
>;

/** Longest that a caller waits for the bus, in milliseconds; what comes to be durable later does no harm, told twice. */
const publishMs = 5_000;

/**
 * Makes the handler that takes outcomes and scores: its answer is 202 once all of them are durable on the bus. Where keys are
 * configured it asks for one before the body is read, as a call does: what is told moves traffic.
 */
export const takeFeedback = (
  state: FeedbackState,
): ((request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  let isFailing = false;
  const tell = (failure: PlumblineError | null): void => {
    if (failure !== null && !isFailing) {
      state.log.warn({ err: failure.message }, "the bus takes no feedback: callers are told to send it again");
    }
    if (failure === null && isFailing) {
      state.log.info({}, "the bus takes feedback again");
    }
    isFailing = failure !== null;
  };
  return async (request, response) => {
    const stranger = strangerOf(state, request);
    if (stranger !== null) {
      sendRefusal(response, stranger, state);
      return;
    }
    const read = await readBody(request, state.config.bodyLimitBytes);
    if (read.kind === "gone" || response.destroyed) {
      return;
    }
    const parsed = parse(state, read);
    if (!parsed.ok) {
      sendRefusal(response, parsed.refusal, state);
      return;
    }
    const failure = await publishAll(state, parsed.facts.map(feedbackMessage));
    tell(failure);
    if (failure === null) {
      state.meter.add("gatewayFeedback", parsed.facts.length);
      sendTaken(state, response, parsed.facts.length);
    } else {
      sendRefusal(response, { code: failure.code, message: failure.message, param: null }, state);
    }
  };
};

/** Why whoever tells is not listened to; null where they are. */
const strangerOf = ({ keys, clock }: FeedbackState, { headers }: IncomingMessage): Refusal | null => {
  const checked = checkKey(keys, { headers, takesApiKey: false }, clock.nowMs());
  return checked.ok ? null : checked.refusal;
};

const parse = (
  state: FeedbackState,
  read: { readonly kind: "too_large" } | { readonly kind: "read"; readonly body: Uint8Array },
): ParsedFeedback => {
  if (state.isDraining()) {
    return { ok: false, refusal: drainFailure.refusal };
  }
  return read.kind === "too_large"
    ? { ok: false, refusal: tooLarge(state) }
    : parseFeedback(read.body, state.clock.nowMs());
};

const tooLarge = ({ config }: FeedbackState): Refusal => ({
  code: "request.too_large",
  message: `The body is larger than ${config.bodyLimitBytes} bytes.`,
  param: null,
});

/** Null once all are durable; of two failures one. */
const publishAll = async (
  { bus, clock }: FeedbackState,
  messages: readonly ReturnType<typeof feedbackMessage>[],
): Promise<PlumblineError | null> => {
  const timeout = new AbortController();
  const published = Promise.all(messages.map((message) => bus.publish(message))).then(
    () => null,
    (error: unknown) =>
      error instanceof PlumblineError
        ? error
        : new PlumblineError("bus.unavailable", `The bus took no feedback: ${messageOf(error)}`, { cause: error }),
  );
  const late = clock
    .sleep(publishMs, timeout.signal)
    .then(() => new PlumblineError("bus.unavailable", `The bus did not answer within ${publishMs} ms: send it again.`));
  const failure = await Promise.race([published, late]);
  timeout.abort();
  return failure;
};

const sendTaken = (state: FeedbackState, response: ServerResponse, accepted: number): void => {
  const text = JSON.stringify({ accepted });
  response.shouldKeepAlive &&= !state.isDraining();
  response.writeHead(202, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    [callIdHeader]: requestId(state.random),
  });
  response.end(text);
};
