import type { Clock } from "../core/clock.ts";
import type { Meter } from "../core/instruments.ts";
import { noUsage } from "../core/usage.ts";
import type { AttemptRecord } from "./attempts/attempt-record.ts";
import type { BudgetHold } from "./budgets/admission.ts";
import { CallCharge } from "./budgets/call-charge.ts";
import type { ChargedEnd } from "./budgets/charge-of.ts";
import { priceKey } from "./budgets/token-prices.ts";
import type { AttemptEnd, CallMoves, OpenCall } from "./call-recorder.ts";
import type { CallPlan } from "./call-start.ts";
import { CallText } from "./call-text.ts";
import type { CallTimes } from "./call-times.ts";
import type { CaptureRules } from "./capture.ts";
import { countCall } from "./count-call.ts";
import type { PinWatch } from "./pin-watch.ts";
import type { Ending } from "./relay.ts";

/** What a call's record is made from. */
export interface CallRecordArgs {
  readonly plan: CallPlan;
  readonly call: OpenCall;
  /** What budgets hold for the call; null where none counts it. */
  readonly hold: BudgetHold | null;
  readonly times: CallTimes;
  readonly rules: CaptureRules;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly pins: PinWatch;
  /** Whether no caller gets its answer: it is then counted apart. */
  readonly isShadow: boolean;
}

/** Measures one call and ends its record exactly once. */
export class CallRecord {
  readonly #args: CallRecordArgs;
  readonly #startedMs: number;
  readonly #text: CallText;
  #attempt: AttemptRecord | null = null;
  #attempts = 0;
  #moves: CallMoves | null = null;
  #isEnded = false;
  readonly #charge: CallCharge;

  constructor(args: CallRecordArgs) {
    this.#args = args;
    this.#charge = new CallCharge(args.hold);
    this.#text = new CallText(args.plan.chat, args.rules);
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
    this.#text.input();
  }

  /** The next attempt begins, and what is learnt of its answer is the call's; `moves` is null as long as nothing has failed. */
  begin(attempt: AttemptRecord, moves: CallMoves | null): void {
    this.#attempt = attempt;
    this.#attempts += 1;
    this.#moves = moves;
  }

  /** Reserves room for an attempt beside the present one. Returns what gives it back; null where no budget has any. */
  addSecond(): (() => void) | null {
    return this.#charge.addSecond();
  }

  /** An attempt begins beside the present one, whose answer is still the call's. */
  beginBeside(moves: CallMoves | null): void {
    this.#attempts += 1;
    this.#moves = moves;
  }

  /** Of two attempts the call goes on with this one. */
  continueWith(attempt: AttemptRecord, moves: CallMoves | null): void {
    this.#attempt = attempt;
    this.#moves = moves;
  }

  /** One of two attempts is lost, and the call goes on with the other. */
  loseBeside(attempt: AttemptRecord, end: ChargedEnd): void {
    this.#charge.settleLost(end, this.#priceKeyOf(attempt));
    attempt.end(end.ending);
  }

  /** Something has come from the provider at that time, which is returned. */
  heard(nowMs: number): number {
    this.#args.times.heardMs = nowMs;
    return nowMs;
  }

  /** Where the call's time has gone so far, as the value of `server-timing`. */
  serverTiming(): string {
    return this.#args.times.serverTiming(this.#args.clock.monotonicMs());
  }

  /**
   * The present attempt is lost, and the call is to go on: whatever it used is waste, and no part of the call's own usage. False
   * where no budget allows another attempt.
   */
  lose(ending: Ending, moves: CallMoves | null): boolean {
    const attempt = this.#attempt;
    if (attempt !== null && !this.#charge.retry({ ...attempt.endOf(ending), ending }, this.#priceKeyOf(attempt))) {
      return false;
    }
    attempt?.end(ending);
    this.#moves = moves;
    return true;
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
    const { plan, call } = this.#args;
    const input = this.#text.input();
    const isLost = this.#attempt?.isEnded !== false;
    const attempt = isLost ? null : this.#attempt;
    const answer = attempt?.answer ?? null;
    const attemptEnd = attempt?.end(ending) ?? nothingOf(ending);
    this.#charge.settle({ ...attemptEnd, ending }, this.#priceKeyOf(attempt));
    const ttftMs = this.#ttftMs(attempt);
    const output = this.#text.output(answer);
    call.end({
      ...attemptEnd,
      ttftMs,
      worstGapMs: plan.chat.isStream ? (attempt?.worstGapMs ?? null) : null,
      rawUsage: answer?.rawUsage ?? "",
      finishReasons: answer?.finishReasons ?? [],
      attempts: this.#attempts,
      isFallback: this.#moves?.isFallback ?? false,
      region: this.#attempt?.target.place.region ?? null,
      moves: this.#moves,
      contentPolicy: plan.route.contentPolicy,
      inputMessages: input?.json ?? null,
      outputMessages: output?.json ?? null,
      inputCutBytes: input?.cutBytes ?? 0,
      outputCutBytes: output?.cutBytes ?? 0,
    });
    const overheadMs = this.#args.times.overheadMs(this.#args.clock.monotonicMs());
    countCall(this.#args, { outcome: ending.outcome, ttftMs, overheadMs });
    this.#watchPin(attempt);
  }

  /** A pin is about the target that answered, whichever was picked. */
  #watchPin(attempt: AttemptRecord | null): void {
    const { plan, pins } = this.#args;
    const served = attempt?.answer.model ?? null;
    const { pin: pinned, variant } = attempt?.target ?? plan.pick.target;
    if (pinned !== null && served !== null && served !== "") {
      pins.saw({ route: plan.route.name, variant, pinned, served });
    }
  }

  #priceKeyOf(attempt: AttemptRecord | null): string {
    const { plan } = this.#args;
    const { provider, model } = attempt?.target ?? plan.pick.target;
    return priceKey(provider, model ?? plan.chat.model);
  }

  /** From the start of the call, whatever attempts came before. */
  #ttftMs(attempt: AttemptRecord | null): number | null {
    const atMs = attempt?.firstContentMs ?? null;
    return atMs === null ? null : atMs - this.#startedMs;
  }
}

/** How a call ended that had no attempt under way. */
const nothingOf = ({ outcome, errorType }: Ending): AttemptEnd => ({
  outcome,
  errorType,
  httpStatus: null,
  modelServed: null,
  responseId: null,
  ttftMs: null,
  usage: noUsage,
});
