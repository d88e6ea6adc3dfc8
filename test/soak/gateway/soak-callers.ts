import { Pool } from "undici";
import { isSlow, mixedCall } from "./call-mix.ts";
import type { View } from "./make-call.ts";
import { makeCall } from "./make-call.ts";

/** How the calls are made. */
export interface SoakCallersArgs {
  readonly url: string;
  /** Calls altogether. */
  readonly calls: number;
  readonly callers: number;
  /** Called before each call, with how many have been begun. */
  readonly onCall: (begun: number) => void;
}

/** Calls that only wait for a limit of the gateway, at most, beside those of the callers. */
const maxSlow = 256;

/** Callers that make the calls 1, 2, 3 and so on as fast as they are answered, but not while the gateway is down. */
export class SoakCallers {
  /** How each call ended for its caller, by its number. */
  readonly views: View[] = [];
  /** Numbers of the calls whose connection broke while no gateway was killed. */
  readonly brokenWithoutKill = new Set<number>();
  readonly #args: SoakCallersArgs;
  readonly #pool: Pool;
  readonly #slow = new Set<Promise<void>>();
  #begun = 0;
  /** Counts the starts of the gateway and its kills, so that an odd number means that it is down. */
  #turns = 0;
  #isUp: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  constructor(args: SoakCallersArgs) {
    this.#args = args;
    this.#pool = new Pool(args.url, {
      connections: args.callers + maxSlow,
      headersTimeout: 60_000,
      bodyTimeout: 60_000,
    });
    this.#isUp.resolve();
  }

  /** Calls begun so far. */
  get begun(): number {
    return this.#begun;
  }

  /** To be told before the gateway is killed. */
  goesDown(): void {
    this.#turns += 1;
    this.#isUp = Promise.withResolvers<void>();
  }

  /** To be told when it serves again. */
  isUpAgain(): void {
    this.#turns += 1;
    this.#isUp.resolve();
  }

  /** Makes all calls; resolves when each has ended for its caller. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#args.callers }, () => this.#callOn()));
    await Promise.all(this.#slow);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #callOn(): Promise<void> {
    while (this.#begun < this.#args.calls) {
      await this.#isUp.promise;
      if (this.#begun >= this.#args.calls) {
        return;
      }
      this.#begun += 1;
      this.#args.onCall(this.#begun);
      const number = this.#begun;
      const made = this.#make(number);
      if (isSlow(mixedCall(number)) && this.#slow.size < maxSlow) {
        this.#slow.add(made);
        void made.then(() => this.#slow.delete(made));
      } else {
        await made;
      }
    }
  }

  async #make(number: number): Promise<void> {
    const turn = this.#turns;
    const view = await makeCall(this.#pool, mixedCall(number));
    this.views[number] = view;
    if (view === "broken" && turn === this.#turns) {
      this.brokenWithoutKill.add(number);
    }
  }
}
