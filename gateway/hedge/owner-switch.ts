import type { AttemptOwner, LiveAttempt } from "../attempts/live-attempt.ts";
import type { CallFailure } from "../call-failure.ts";
import type { Ending } from "../relay.ts";

/** Lets an attempt that is under way be heard by another owner from now on. */
export class OwnerSwitch implements AttemptOwner {
  #to: AttemptOwner;

  constructor(to: AttemptOwner) {
    this.#to = to;
  }

  turnTo(owner: AttemptOwner): void {
    this.#to = owner;
  }

  readonly sawPart = (bytes: number): number => this.#to.sawPart(bytes);
  readonly sawContent = (): void => this.#to.sawContent();
  readonly finish = (ending: Ending): boolean => this.#to.finish(ending);
  readonly replace = (ending: Ending): boolean => this.#to.replace(ending);
  readonly fail = (failure: CallFailure): void => this.#to.fail(failure);
  readonly ended = (attempt: LiveAttempt): void => this.#to.ended(attempt);
  readonly crash = (error: unknown): void => this.#to.crash(error);
}
