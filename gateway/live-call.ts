import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Answer } from "./answer.ts";
import type { CallFailure } from "./call-failure.ts";
import { drainFailure, providerFailure, timeoutFailure } from "./call-failure.ts";
import type { Timeouts } from "./call-limits.ts";
import { CallDeadline } from "./call-limits.ts";
import type { CallRecord } from "./call-record.ts";
import { CallerResponse } from "./caller-response.ts";
import type { CallsUnderWay, WatchedCall } from "./calls-under-way.ts";
import { errorCodeOf } from "./error-code-of.ts";
import { makeRelay } from "./make-relay.ts";
import type {
  AnswerSink,
  Exchange,
  Provider,
  ProviderFailure,
  ProviderRequest,
  ResponseHeaders,
} from "./providers/provider.ts";
import type { Refusal } from "./refusal.ts";
import type { Ending, Relay } from "./relay.ts";
import type { Surface } from "./surfaces/surface.ts";
import type { AnswerLabels } from "./wires/answer-event.ts";

/** What a call under way works with. */
export interface LiveCallArgs {
  readonly record: CallRecord;
  readonly answer: Answer;
  readonly response: ServerResponse;
  readonly provider: Provider;
  /** Name of the provider's entry in the configuration, for messages. */
  readonly providerKey: string;
  readonly request: ProviderRequest;
  readonly surface: Surface;
  readonly labels: AnswerLabels;
  /** Whether the gateway asked for token counts that the caller did not want. */
  readonly hidesUsage: boolean;
  readonly underWay: CallsUnderWay;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
  readonly log: Log;
}

/** One call from the moment it is sent to a provider until the caller's response is over, whatever happens in between. */
export class LiveCall implements AnswerSink, WatchedCall {
  readonly #args: LiveCallArgs;
  readonly #out: CallerResponse;
  readonly #deadline: CallDeadline;
  #exchange: Exchange | null = null;
  #relay: Relay | null = null;
  #isOver = false;

  constructor(args: LiveCallArgs) {
    this.#args = args;
    this.#deadline = new CallDeadline({ ...args, startedMs: args.record.startedMs });
    this.#out = new CallerResponse({
      ...args,
      callId: args.request.callId,
      serverTiming: () => args.record.serverTiming(),
      onFull: () => {
        this.#deadline.waitForCaller(true);
        this.#exchange?.pause();
      },
      onDrain: () => {
        this.#deadline.waitForCaller(false);
        this.#exchange?.resume();
      },
    });
  }

  get deadlineMs(): number {
    return this.#deadline.atMs;
  }

  /** Sends the call. The response's `close` is the one place where everything it holds is let go. */
  start(): void {
    const { response, underWay, provider, request, record } = this.#args;
    underWay.add(this);
    response.once("close", () => this.#close());
    this.#guard(() => {
      this.#exchange = provider.send(request, this);
      record.captureInput();
    });
    if (this.#isOver) {
      this.#exchange?.abort();
    }
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#guard(() => {
      this.#args.record.sawHead(status);
      this.#deadline.renew();
      this.#out.setHead(status, headers);
      const { answer, record, surface, labels, request, hidesUsage } = this.#args;
      const onFinish = (ending: Ending): void => record.end(ending);
      const onContent = (): void => record.sawContent();
      const from = { status, headers, wire: request.wire, out: this.#out, answer, surface, labels, hidesUsage };
      this.#relay = makeRelay({ ...from, onFinish, onContent });
    });
  }

  onChunk(chunk: Buffer): void {
    this.#guard(() => {
      this.#args.record.sawChunk(this.#args.clock.monotonicMs());
      this.#deadline.renew();
      this.#relay?.chunk(chunk);
    });
  }

  onEnd(): void {
    this.#guard(() => {
      this.#isOver = true;
      this.#relay?.end();
    });
  }

  onFailure(failure: ProviderFailure): void {
    this.#fail(providerFailure(failure, this.#args.providerKey));
  }

  expire(): void {
    const { timeouts, record, clock } = this.#args;
    const ageMs = clock.monotonicMs() - record.startedMs;
    if (this.#isOver && ageMs >= timeouts.totalMs) {
      this.#out.destroy();
      return;
    }
    this.#fail(timeoutFailure({ timeouts, ageMs, hasHead: this.#relay !== null }));
  }

  interrupt(): void {
    this.#fail(drainFailure);
  }

  /** Ends the record first and the response second; an answer whose record has ended well is merely closed. */
  #fail({ ending, refusal }: CallFailure): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    this.#exchange?.abort();
    if (this.#args.record.isEnded) {
      this.#out.end();
      return;
    }
    this.#guard(() => {
      this.#args.record.end(ending);
      this.#tell(refusal);
    });
  }

  #tell(refusal: Refusal): void {
    if (this.#relay === null) {
      this.#out.endWithError(refusal);
    } else {
      this.#relay.fail(refusal);
    }
  }

  /** The response is over: by its end, or because the caller went away. */
  #close(): void {
    this.#args.underWay.remove(this);
    if (!this.#isOver) {
      this.#isOver = true;
      this.#exchange?.abort();
    }
    this.#guard(() => this.#args.record.end({ outcome: "client_abort", errorType: "client_abort" }));
  }

  /** Whatever is thrown on the way, the call ends with a record and an answer. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#crash(error);
    }
  }

  #crash(error: unknown): void {
    const code = errorCodeOf(error);
    const { log, record, request, response } = this.#args;
    if (code === "gateway.internal") {
      log.error({ err: error, callId: request.callId }, "a call failed inside the gateway");
    }
    this.#isOver = true;
    this.#exchange?.abort();
    try {
      record.end({ outcome: "interrupted", errorType: code });
    } catch (second) {
      log.error({ err: second, callId: request.callId }, "a call's record could not be ended");
    }
    if (!response.writableEnded && !response.destroyed) {
      const message = code === "gateway.internal" ? "A defect in the gateway ended this call." : messageOf(error);
      this.#tell({ code, message, param: null });
    }
  }
}
