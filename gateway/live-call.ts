import type { ServerResponse } from "node:http";
import { messageOf } from "../core/errors.ts";
import type { AttemptRunnerArgs } from "./attempts/attempt-runner.ts";
import { AttemptRunner } from "./attempts/attempt-runner.ts";
import type { AttemptOwner, LiveAttempt } from "./attempts/live-attempt.ts";
import type { CallFailure } from "./call-failure.ts";
import { drainFailure, timeoutFailure } from "./call-failure.ts";
import { CallDeadline } from "./call-limits.ts";
import { CallerResponse } from "./caller-response.ts";
import type { WatchedCall } from "./calls-under-way.ts";
import { errorCodeOf } from "./error-code-of.ts";
import type { GatewayState } from "./gateway-state.ts";
import { ReadOn } from "./read-on.ts";
import type { Ending } from "./relay.ts";

/** What a call under way works with. */
export interface LiveCallArgs extends AttemptRunnerArgs {
  readonly state: GatewayState;
  readonly response: ServerResponse;
}

/** One call from the moment it is sent to a provider until the caller's response is over, whatever happens in between. */
export class LiveCall implements AttemptOwner, WatchedCall {
  readonly #args: LiveCallArgs;
  readonly #out: CallerResponse;
  readonly #deadline: CallDeadline;
  readonly #runner: AttemptRunner;
  /** On when the caller has gone away, and the answer is read on to learn what it costs. */
  readonly #readOn: ReadOn;
  #isOver = false;
  watchedAt = -1;

  constructor(args: LiveCallArgs) {
    this.#args = args;
    const { clock, config, drains } = args.state;
    this.#readOn = new ReadOn(drains);
    this.#deadline = new CallDeadline({ clock, timeouts: config.timeouts, startedMs: args.record.startedMs });
    this.#out = new CallerResponse({
      response: args.response,
      callId: args.call.callId,
      surface: args.plan.surface,
      serverTiming: () => args.record.serverTiming(),
      load: args.state.load,
      onFull: (isFull) => {
        this.#deadline.waitForCaller(isFull);
        if (isFull) this.#runner.current?.pause();
        else this.#runner.current?.resume();
      },
    });
    this.#runner = new AttemptRunner(args, { out: this.#out, deadline: this.#deadline, owner: this });
  }

  get deadlineMs(): number {
    return this.#deadline.atMs;
  }

  /** Sends the call. The response's `close` is the one place where everything it holds is let go. */
  start(): void {
    const { response, state, record } = this.#args;
    state.underWay.add(this);
    response.once("close", () => this.#close());
    this.#runner.start();
    this.#guard(() => record.captureInput());
  }

  readonly sawPart = (bytes: number): number => {
    if (!this.#readOn.mayTake(bytes)) {
      this.#endAborted();
    }
    return this.#args.record.heard(this.#deadline.renew());
  };

  readonly sawContent = (): void => {
    this.#runner.sawContent();
    this.#deadline.dropContentLimit();
    this.#out.release();
  };

  readonly finish = (ending: Ending): boolean => {
    if (this.#readOn.isOn) {
      this.#endAborted();
    }
    if (ending.outcome !== "ok" && this.#runner.tryAgain(ending)) {
      return false;
    }
    this.#runner.closeHedge();
    this.#args.record.end(ending);
    return true;
  };

  readonly replace = (ending: Ending): boolean => this.#runner.tryAgain(ending);

  /** Ends the record first and the response second; an answer whose record has ended well is merely closed. */
  readonly fail = ({ ending, refusal }: CallFailure): void => {
    if (this.#isOver) {
      return;
    }
    if (this.#readOn.isOn) {
      this.#endAborted();
    } else if (this.#args.record.isEnded) {
      this.#letGo();
      this.#out.end();
    } else if (!this.#runner.tryAgain(ending)) {
      this.#letGo();
      this.#guard(() => {
        this.#args.record.end(ending);
        this.#runner.tell(refusal);
      });
    }
  };

  readonly ended = (attempt: LiveAttempt): void => {
    this.#isOver ||= this.#runner.current === attempt;
  };

  /** Whatever is thrown on the way, the call ends with a record and an answer. */
  readonly crash = (error: unknown): void => {
    const code = errorCodeOf(error);
    const { state, record, call, response } = this.#args;
    if (code === "gateway.internal") {
      state.log.error({ err: error, callId: call.callId }, "a call failed inside the gateway");
    }
    this.#letGo();
    try {
      record.end({ outcome: "interrupted", errorType: code });
    } catch (second) {
      state.log.error({ err: second, callId: call.callId }, "a call's record could not be ended");
    }
    if (!response.writableEnded && !response.destroyed) {
      const message = code === "gateway.internal" ? "A defect in the gateway ended this call." : messageOf(error);
      this.#runner.tell({ code, message, param: null });
    }
  };

  expire(): void {
    const { timeouts } = this.#args.state.config;
    const nowMs = this.#args.state.clock.monotonicMs();
    const ageMs = nowMs - this.#args.record.startedMs;
    if (this.#isOver && ageMs >= timeouts.totalMs) {
      this.#out.destroy();
      return;
    }
    if (this.#deadline.ring(nowMs)) return;
    const isContentDue = this.#deadline.isContentDue(nowMs);
    const hasHead = this.#runner.current?.hasHead === true;
    const failure = timeoutFailure({ timeouts, idleMs: this.#deadline.idleMs, ageMs, hasHead, isContentDue });
    if (!isContentDue || ageMs >= timeouts.totalMs) {
      this.fail(failure);
    } else if (this.#isOver || !this.#runner.tryAgain(failure.ending)) {
      // Nobody else can be asked: to wait on is better than to give up.
      this.#deadline.dropContentLimit();
    }
  }

  readonly interrupt = (): void => this.fail(drainFailure);

  /** The response is over: by its end, or because the caller went away. */
  #close(): void {
    this.#runner.closeHedge();
    const untilMs = this.#mayDrain() ? this.#readOn.begin(this.#args.state.clock.monotonicMs()) : null;
    if (untilMs !== null) {
      this.#out.release();
      this.#deadline.endBy(untilMs);
      this.#runner.current?.resume();
    } else {
      this.#args.state.underWay.remove(this);
      this.#endAborted();
    }
  }

  #mayDrain(): boolean {
    if (this.#isOver || this.#args.record.isEnded) return false;
    return this.#runner.current?.plan.provider.abortStopsBilling === false;
  }

  /** Ends the record as that of a call whose caller has gone away, unless it has ended otherwise. */
  #endAborted(): void {
    this.#letGo();
    this.#guard(() => this.#args.record.end({ outcome: "client_abort", errorType: "client_abort" }));
  }

  #letGo(): void {
    this.#isOver = true;
    this.#runner.stop();
    if (this.#readOn.isOn) {
      this.#readOn.end();
      this.#args.state.underWay.remove(this);
    }
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.crash(error);
    }
  }
}
