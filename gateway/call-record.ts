import type { Clock } from "../core/clock.ts";
import type { Meter } from "../core/instruments.ts";
import type { Answer } from "./answer.ts";
import type { BudgetHold } from "./budgets/admission.ts";
import { priceKey } from "./budgets/token-prices.ts";
import type { AttemptEnd, OpenAttempt, OpenCall } from "./call-recorder.ts";
import type { CallPlan } from "./call-start.ts";
import type { CallTimes } from "./call-times.ts";
import { callUsage } from "./call-usage.ts";
import type { CapturedMessages, CaptureRules } from "./capture.ts";
import { captureMessages } from "./capture.ts";
import { inputMessages } from "./input-messages.ts";
import type { PinWatch } from "./pin-watch.ts";
import type { Ending } from "./relay.ts";

/** What a call's record is made from. */
export interface CallRecordArgs {
  readonly plan: CallPlan;
  readonly call: OpenCall;
  readonly attempt: OpenAttempt;
  readonly answer: Answer;
  /** What budgets hold for the call; null where none counts it. */
  readonly hold: BudgetHold | null;
  readonly times: CallTimes;
  readonly rules: CaptureRules;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly pins: PinWatch;
}

/** Measures one call and ends its record exactly once. */
export class CallRecord {
  readonly #args: CallRecordArgs;
  readonly #startedMs: number;
  #input: CapturedMessages | null = null;
  #hasInput = false;
  #status: number | null = null;
  #firstContentMs: number | null = null;
  #lastChunkMs: number | null = null;
  #worstGapMs: number | null = null;
  #isEnded = false;

  constructor(args: CallRecordArgs) {
    this.#args = args;
    this.#startedMs = args.clock.monotonicMs();
    args.times.sentMs = this.#startedMs;
  }

  /** Monotonic time at which the call started, in milliseconds. */
  get startedMs(): number {
    return this.#startedMs;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Prepares the caller's messages while the provider is at work, so that the caller does not wait for it. */
  captureInput(): void {
    if (!this.#hasInput) {
      this.#hasInput = true;
      this.#input = this.#keepsText() ? this.#capture(inputMessages(this.#args.plan.chat.messages)) : null;
    }
  }

  sawHead(status: number): void {
    this.#status = status;
  }

  sawChunk(nowMs: number): void {
    if (this.#lastChunkMs !== null) {
      this.#worstGapMs = Math.max(this.#worstGapMs ?? 0, nowMs - this.#lastChunkMs);
    }
    this.#lastChunkMs = nowMs;
    this.#args.times.heardMs = nowMs;
  }

  /** Where the call's time has gone so far, as the value of `server-timing`. */
  serverTiming(): string {
    return this.#args.times.serverTiming(this.#args.clock.monotonicMs());
  }

  /** Content has come with the last chunk seen; only the first time counts. */
  sawContent(): void {
    this.#firstContentMs ??= this.#lastChunkMs;
  }

  /**
   * Ends the record. When this returns, it survives a kill of the process. Ending it again changes nothing; what the
   * recorder throws is thrown on, and the record then counts as ended.
   */
  end(ending: Ending): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.captureInput();
    const { plan, call, attempt, answer, hold, meter, times, clock } = this.#args;
    const attemptEnd = this.#attemptEnd(ending);
    const { target } = plan.pick;
    hold?.settle({ ...attemptEnd, ending }, priceKey(target.provider, target.model ?? plan.chat.model));
    const output = answer.hasContent && this.#keepsText() ? this.#capture(answer.messages()) : null;
    attempt.end(attemptEnd);
    call.end({
      ...attemptEnd,
      worstGapMs: plan.chat.isStream ? this.#worstGapMs : null,
      finishReasons: answer.finishReasons,
      attempts: 1,
      isFallback: false,
      contentPolicy: plan.route.contentPolicy,
      inputMessages: this.#input?.json ?? null,
      outputMessages: output?.json ?? null,
      inputCutBytes: this.#input?.cutBytes ?? 0,
      outputCutBytes: output === null ? 0 : output.cutBytes + answer.cutBytes,
    });
    meter.observe("gatewayOverhead", times.overheadMs(clock.monotonicMs()) / 1_000);
    meter.add("gatewayCalls", 1, { route: plan.route.name, outcome: ending.outcome });
    if (attemptEnd.ttftMs !== null) {
      meter.observe("gatewayTtft", attemptEnd.ttftMs / 1_000, { route: plan.route.name });
    }
    this.#watchPin();
  }

  #watchPin(): void {
    const { answer, plan, pins } = this.#args;
    const { pin: pinned, variant } = plan.pick.target;
    if (pinned !== null && answer.model !== null && answer.model !== "") {
      pins.saw({ route: plan.route.name, variant, pinned, served: answer.model });
    }
  }

  #attemptEnd(ending: Ending): AttemptEnd {
    const { answer, plan } = this.#args;
    return {
      outcome: ending.outcome,
      errorType: ending.errorType,
      httpStatus: this.#status,
      modelServed: answer.model,
      responseId: answer.responseId,
      ttftMs: this.#firstContentMs === null ? null : this.#firstContentMs - this.#startedMs,
      usage: callUsage(answer, plan.chat),
    };
  }

  #keepsText(): boolean {
    return this.#args.rules.policy === "redacted" || this.#args.rules.policy === "full";
  }

  #capture(messages: Parameters<typeof captureMessages>[0]): CapturedMessages | null {
    return captureMessages(messages, this.#args.rules);
  }
}
