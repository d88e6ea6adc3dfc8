import type { AnswerOut } from "../answer-out.ts";
import type { CallFailure } from "../call-failure.ts";
import { providerFailure } from "../call-failure.ts";
import { makeRelay } from "../make-relay.ts";
import type { AnswerSink, Exchange, ProviderFailure, ProviderRequest, ResponseHeaders } from "../providers/provider.ts";
import type { Refusal } from "../refusal.ts";
import type { Ending, Relay } from "../relay.ts";
import type { Surface } from "../surfaces/surface.ts";
import type { AnswerLabels } from "../wires/answer-event.ts";
import type { AttemptPlan } from "./attempt-plan.ts";
import type { AttemptRecord } from "./attempt-record.ts";

/** The call that an attempt is one of. */
export interface AttemptOwner {
  /** A part of the answer has come; returns the monotonic time, in milliseconds. */
  readonly sawPart: (bytes: number) => number;
  readonly sawContent: () => void;
  /** The answer is read to its end. False when another attempt takes its place, and nothing more of it is to be sent. */
  readonly finish: (ending: Ending) => boolean;
  /** The answer begins with an error. True when another attempt takes its place. */
  readonly replace: (ending: Ending) => boolean;
  readonly fail: (failure: CallFailure) => void;
  /** The answer is over, and handed on. */
  readonly ended: (attempt: LiveAttempt) => void;
  /** Something was thrown on the way. */
  readonly crash: (error: unknown) => void;
}

/** What an attempt works with. */
export interface LiveAttemptArgs {
  readonly plan: AttemptPlan;
  readonly record: AttemptRecord;
  /** Name of the key that it is sent with; null where the provider has no several. */
  readonly keyName: string | null;
  readonly request: ProviderRequest;
  readonly surface: Surface;
  readonly labels: AnswerLabels;
  /** Whether the gateway asked for token counts that the caller did not want. */
  readonly hidesUsage: boolean;
  readonly out: AnswerOut;
  readonly owner: AttemptOwner;
}

/** One try of one provider: takes its answer as it comes, until it is over or the call lets go of it. */
export class LiveAttempt implements AnswerSink {
  readonly #args: LiveAttemptArgs;
  #exchange: Exchange | null = null;
  #relay: Relay | null = null;
  #headers: ResponseHeaders = {};
  #isOver = false;

  constructor(args: LiveAttemptArgs) {
    this.#args = args;
  }

  get plan(): AttemptPlan {
    return this.#args.plan;
  }

  get record(): AttemptRecord {
    return this.#args.record;
  }

  /** Name of the key that it is sent with; null where the provider has no several. */
  get keyName(): string | null {
    return this.#args.keyName;
  }

  /** Headers of the answer; none before it has begun. */
  get headers(): ResponseHeaders {
    return this.#headers;
  }

  /** Whether nothing more is heard of it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get hasHead(): boolean {
    return this.#relay !== null;
  }

  /** Sends the request; what comes of it may come before this returns. */
  send(): void {
    this.#exchange = this.#args.plan.provider.send(this.#args.request, this);
    if (this.#isOver) {
      this.#exchange.abort();
    }
  }

  /** Lets go of the answer: nothing of it is heard from now on. */
  abort(): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#exchange?.abort();
    }
  }

  pause(): void {
    this.#exchange?.pause();
  }

  resume(): void {
    this.#exchange?.resume();
  }

  /** Tells the caller that the answer will not be whole, and why. */
  tell(refusal: Refusal): void {
    const { out } = this.#args;
    if (this.#relay === null) {
      out.endWithError(refusal);
    } else {
      this.#relay.fail(refusal);
    }
  }

  onHead(status: number, headers: ResponseHeaders): void {
    try {
      const { record, owner, out, request, surface, labels, hidesUsage } = this.#args;
      record.sawHead(status, headers);
      owner.sawPart(0);
      this.#headers = headers;
      out.setHead(status, headers);
      const { answer } = record;
      const from = { status, headers, wire: request.wire, out, answer, surface, labels, hidesUsage };
      const { finish: onFinish, replace: onFault, sawContent: onContent } = owner;
      this.#relay = makeRelay({ ...from, onFinish, onFault, onContent });
    } catch (error) {
      this.#args.owner.crash(error);
    }
  }

  onChunk(chunk: Buffer): void {
    try {
      this.#args.record.sawChunk(this.#args.owner.sawPart(chunk.length));
      this.#relay?.chunk(chunk);
    } catch (error) {
      this.#args.owner.crash(error);
    }
  }

  onEnd(): void {
    try {
      this.#isOver = true;
      this.#relay?.end();
      this.#args.owner.ended(this);
    } catch (error) {
      this.#args.owner.crash(error);
    }
  }

  onFailure(failure: ProviderFailure): void {
    try {
      this.#isOver = true;
      this.#args.owner.fail(providerFailure(failure, this.#args.plan.target.provider));
    } catch (error) {
      this.#args.owner.crash(error);
    }
  }
}
