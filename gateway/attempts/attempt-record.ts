import type { Clock } from "../../core/clock.ts";
import type { Usage } from "../../core/usage.ts";
import { noUsage } from "../../core/usage.ts";
import type { Answer } from "../answer.ts";
import type { AttemptEnd, OpenAttempt } from "../call-recorder.ts";
import { callUsage } from "../call-usage.ts";
import type { ChatRequest } from "../chat-request.ts";
import { signOf } from "../health/sign-of.ts";
import type { TargetHealth } from "../health/target-health.ts";
import { hedgeLost } from "../hedge/hedge-ending.ts";
import type { KeyLease } from "../provider-keys/key-lease.ts";
import { leaseEnd } from "../provider-keys/key-sign.ts";
import type { ResponseHeaders } from "../providers/provider.ts";
import type { Ending } from "../relay.ts";
import type { Target } from "../route-table.ts";
import { retryAfterMs } from "./retry-after.ts";

/** What an attempt's record is made from. */
export interface AttemptRecordArgs {
  readonly attempt: OpenAttempt;
  readonly answer: Answer;
  readonly chat: ChatRequest;
  /** Monotonic time at which it began, in milliseconds. */
  readonly startedMs: number;
  readonly target: Target;
  /** Where it is learnt how the target does. */
  readonly health: TargetHealth;
  /** The key that it is sent with; null where the provider has no several. */
  readonly key: KeyLease | null;
  readonly clock: Clock;
}

/** Measures one attempt and ends its span exactly once. */
export class AttemptRecord {
  readonly #args: AttemptRecordArgs;
  #status: number | null = null;
  /** Monotonic time at which the provider may be asked again, in milliseconds; null while it has not said. */
  #retryAtMs: number | null = null;
  #firstContentMs: number | null = null;
  #lastChunkMs: number | null = null;
  #worstGapMs: number | null = null;
  #end: AttemptEnd | null = null;

  constructor(args: AttemptRecordArgs) {
    this.#args = args;
    args.health.begin(args.startedMs);
  }

  get target(): Target {
    return this.#args.target;
  }

  get answer(): Answer {
    return this.#args.answer;
  }

  /** Monotonic time at which it began, in milliseconds. */
  get startedMs(): number {
    return this.#args.startedMs;
  }

  /** Status of the answer; null when none has come. */
  get status(): number | null {
    return this.#status;
  }

  /** Monotonic time of the first content, in milliseconds; null while none has come. */
  get firstContentMs(): number | null {
    return this.#firstContentMs;
  }

  /** The longest silence between two chunks; null when there were fewer than two. */
  get worstGapMs(): number | null {
    return this.#worstGapMs;
  }

  /** Whether its span has ended: of a call that goes on, because the attempt was lost. */
  get isEnded(): boolean {
    return this.#end !== null;
  }

  sawHead(status: number, headers: ResponseHeaders): void {
    const { clock } = this.#args;
    const waitMs = retryAfterMs(headers, clock.nowMs());
    this.#status = status;
    this.#retryAtMs = waitMs === null ? null : clock.monotonicMs() + waitMs;
  }

  sawChunk(nowMs: number): void {
    if (this.#lastChunkMs !== null) {
      this.#worstGapMs = Math.max(this.#worstGapMs ?? 0, nowMs - this.#lastChunkMs);
    }
    this.#lastChunkMs = nowMs;
  }

  /** Content has come with the last chunk seen; only the first time counts. */
  sawContent(): void {
    this.#firstContentMs ??= this.#lastChunkMs;
  }

  /** Ends the span. Ending it again changes nothing, and returns how it ended. */
  end(ending: Ending): AttemptEnd {
    if (this.#end === null) {
      this.#end = this.endOf(ending);
      this.#learn(this.#end);
      this.#args.attempt.end(this.#end);
    }
    return this.#end;
  }

  #learn(end: AttemptEnd): void {
    const { health, key, target, clock, chat, startedMs } = this.#args;
    const nowMs = clock.monotonicMs();
    const tookMs = chat.isStream ? end.ttftMs : nowMs - startedMs;
    const latencyMs = end.outcome === "ok" ? tookMs : null;
    health.end({ sign: signOf(end, target.model !== null), latencyMs, beganMs: startedMs, nowMs });
    key?.end(leaseEnd(end, this.#retryAtMs), nowMs);
    if (end.outcome === "ok" && chat.isStream && end.ttftMs !== null) health.sawTtft(end.ttftMs);
    if (end.errorType === hedgeLost.errorType && end.ttftMs === null) health.sawWait(nowMs - startedMs, nowMs);
  }

  /** How it would end now. */
  endOf({ outcome, errorType }: Ending): AttemptEnd {
    const { answer, startedMs } = this.#args;
    return {
      outcome,
      errorType,
      httpStatus: this.#status,
      modelServed: answer.model,
      responseId: answer.responseId,
      ttftMs: this.#firstContentMs === null ? null : this.#firstContentMs - startedMs,
      usage: this.#usage(),
    };
  }

  #usage(): Usage {
    const { answer, chat } = this.#args;
    return answer.usage === null && !answer.hasContent ? noUsage : callUsage(answer, chat);
  }
}
