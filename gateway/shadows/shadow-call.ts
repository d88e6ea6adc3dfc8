import type { IncomingHttpHeaders } from "node:http";
import type { AttemptOwner, LiveAttempt } from "../attempts/live-attempt.ts";
import { openAttempt } from "../attempts/open-attempt.ts";
import type { CallFailure } from "../call-failure.ts";
import { drainFailure, timeoutFailure } from "../call-failure.ts";
import { CallDeadline } from "../call-limits.ts";
import type { CallRecord } from "../call-record.ts";
import type { OpenCall } from "../call-recorder.ts";
import type { CallPlan } from "../call-start.ts";
import type { WatchedCall } from "../calls-under-way.ts";
import { errorCodeOf } from "../error-code-of.ts";
import type { GatewayState } from "../gateway-state.ts";
import { keyFailure } from "../provider-keys/key-failure.ts";
import { unsentEnd } from "../provider-keys/key-lease.ts";
import { takeKey } from "../provider-keys/take-key.ts";
import type { Ending } from "../relay.ts";
import { noCaller } from "./no-caller.ts";

/** What a shadow works with. */
export interface ShadowCallArgs {
  readonly state: Pick<
    GatewayState,
    "config" | "clock" | "health" | "underWay" | "log" | "keyRings" | "providerKeys" | "random"
  >;
  readonly plan: CallPlan;
  readonly call: OpenCall;
  readonly record: CallRecord;
  /** Those of the caller that may be sent twice. */
  readonly headers: IncomingHttpHeaders;
  /** The caller's. */
  readonly body: Buffer;
  /** Is called once, when nothing is under way any more. */
  readonly onOver: () => void;
}

const noLimits = { firstContentMs: null, stallMs: null } as const;

/** One call sent a second time: a single attempt whose answer is read, recorded and thrown away. */
export class ShadowCall implements AttemptOwner, WatchedCall {
  readonly #args: ShadowCallArgs;
  readonly #deadline: CallDeadline;
  #attempt: LiveAttempt | null = null;
  #isOver = false;
  watchedAt = -1;

  constructor(args: ShadowCallArgs) {
    this.#args = args;
    const { clock, config } = args.state;
    this.#deadline = new CallDeadline({ clock, timeouts: config.timeouts, startedMs: args.record.startedMs });
  }

  get deadlineMs(): number {
    return this.#deadline.atMs;
  }

  /** Sends it; whatever goes wrong ends in its record. */
  start(): void {
    const { state, plan, record } = this.#args;
    const { startedMs } = record;
    state.underWay.add(this);
    const { provider } = plan.first.target;
    const key = takeKey(state, { ...plan, provider });
    if (!key.ok) {
      this.fail(keyFailure(key.obstacle, provider));
      return;
    }
    try {
      const parts = { at: plan.first, key: key.lease, number: 1, out: noCaller, owner: this, startedMs };
      const attempt = openAttempt({ ...this.#args, ...parts });
      this.#attempt = attempt;
      record.begin(attempt.record, null);
      this.#deadline.beginAttempt(startedMs, noLimits);
      attempt.send();
      record.captureInput();
    } catch (error) {
      this.crash(error);
      // The attempt has ended its key, unless there was none yet.
      key.lease?.end(unsentEnd, startedMs);
    }
  }

  readonly sawPart = (): number => this.#args.record.heard(this.#deadline.renew());

  readonly sawContent = (): void => this.#attempt?.record.sawContent();

  readonly finish = (ending: Ending): boolean => {
    this.#args.record.end(ending);
    return true;
  };

  /** Nothing takes its place: it is asked once. */
  readonly replace = (): boolean => false;

  readonly fail = ({ ending }: CallFailure): void => {
    if (this.#isOver) return;
    try {
      this.#args.record.end(ending);
      this.#letGo();
    } catch (error) {
      this.crash(error);
    }
  };

  readonly ended = (): void => this.#letGo();

  readonly crash = (error: unknown): void => {
    const { state, record, call } = this.#args;
    const code = errorCodeOf(error);
    if (code === "gateway.internal") {
      state.log.error({ err: error, callId: call.callId }, "a shadow failed inside the gateway");
    }
    this.#letGo();
    try {
      record.end({ outcome: "interrupted", errorType: code });
    } catch (second) {
      state.log.error({ err: second, callId: call.callId }, "a shadow's record could not be ended");
    }
  };

  readonly expire = (): void => {
    const { record, state } = this.#args;
    const { clock, config } = state;
    const { idleMs } = this.#deadline;
    const ageMs = clock.monotonicMs() - record.startedMs;
    const hasHead = this.#attempt?.hasHead === true;
    this.fail(timeoutFailure({ timeouts: config.timeouts, idleMs, ageMs, hasHead, isContentDue: false }));
  };

  readonly interrupt = (): void => this.fail(drainFailure);

  #letGo(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#attempt?.abort();
    this.#args.state.underWay.remove(this);
    this.#args.onOver();
  }
}
